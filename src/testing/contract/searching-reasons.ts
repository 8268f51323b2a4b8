import { expect, it } from "vitest";
import { defineComponent } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { Article, article, idsOf, openArticles } from "./articles.ts";

const Turn = defineComponent({
  name: "Turn",
  searchText: ["content.text"],
  thread: ["metadata.conversation", "metadata.session"],
  order: "metadata.turn",
});

/** What a search tells of its hits, how it can be bent, and what it refuses. */
export const searchingReasons = (engine: EngineUnderTest): void => {
  it("[Q3, Q10] a hit tells its rank, its score and the terms it has, with a snippet in which they are marked", async () => {
    const store = await openArticles(engine);
    const [hit, ...others] = await store.searchContexts({ text: "refunds take how many days?" });
    expect(others).toEqual([]);
    expect(hit?.why.text?.rank).toBe(1);
    expect(hit?.why.text?.score).toBeGreaterThan(0);
    expect(hit?.why.text?.terms.length).toBeGreaterThanOrEqual(3);
    expect(hit?.why.vector).toBeUndefined();
    const { path, text = "", marks = [] } = hit?.snippet ?? {};
    expect(["content.title", "content.text"]).toContain(path);
    expect(marks.map(([start, end]) => text.slice(start, end).toLowerCase())).toContain("refund");
  });

  it("[Q1, Q3] explain tells how a filter was answered: by key rows, or by reading every context", async () => {
    const store = await openArticles(engine);
    const plan = async (where: Record<string, string>) =>
      (await store.searchContexts({ text: "customer", where, explain: true })).plan ?? [];
    const declared = await plan({ "metadata.source": "faq" });
    const undeclared = await plan({ "content.title": "Refunds" });
    expect(declared.find(({ part }) => part === "filter")?.path).toBe("metadata.source");
    expect(undeclared.find(({ part }) => part === "filter")?.path).toBe("content.title");
    expect(declared.find(({ part }) => part === "filter")?.way).not.toBe(
      undeclared.find(({ part }) => part === "filter")?.way,
    );
    expect((await store.searchContexts({ text: "customer" })).plan).toBeUndefined();
  });

  it("[Q3] age and boosts change the order, and say so", async () => {
    let now = Date.parse("2026-01-01");
    const clock = () => now;
    const store = (await openNew(engine, [Article], { clock })).store(Article);
    await store.storeContext(article("old", "Note", "alpha alpha beta"));
    now += 86_400_000;
    await store.storeContext(article("new", "Note", "alpha beta gamma delta", { source: "faq" }));
    expect(idsOf(await store.searchContexts({ text: "alpha" }))).toEqual(["old", "new"]);
    const recent = await store.searchContexts({ text: "alpha", halfLife: 3_600_000 });
    expect(idsOf(recent)).toEqual(["new", "old"]);
    expect(recent[1]?.why.recency).toBeCloseTo(2 ** -24, 9);
    const boosted = await store.searchContexts({
      text: "alpha",
      boost: [{ where: { "metadata.source": "faq" }, factor: 2 }],
    });
    expect(idsOf(boosted)).toEqual(["new", "old"]);
    expect(boosted.map(({ why }) => why.boost)).toEqual([2, undefined]);
  });

  it("[Q3] scores are finite numbers, and the order is right, however short the half-life and large the boosts", async () => {
    let now = Date.parse("2026-01-01");
    const store = (await openNew(engine, [Article], { clock: () => now })).store(Article);
    for (const id of ["d", "c", "b", "a"]) {
      await store.storeContext(article(id, "Note", "alpha"));
      now += 86_400_000;
    }
    const boost = Array.from({ length: 16 }, () => ({ where: {}, factor: 1e6 }));
    const least = boost.map((one) => ({ ...one, factor: 1e-6 }));
    for (const options of [{ boost }, { boost: least }, {}]) {
      const hits = await store.searchContexts({ text: "alpha", halfLife: 1, ...options });
      expect(idsOf(hits)).toEqual(["a", "b", "c", "d"]);
      expect(hits.filter(({ score }) => !Number.isFinite(score))).toEqual([]);
    }
    const wrong = [
      { halfLife: 1e-3 },
      { halfLife: 1e300 },
      { boost: [{ where: {}, factor: 1e200 }] },
      { boost: [{ where: {}, factor: 1e-200 }] },
    ];
    for (const options of wrong) {
      const refused = store.searchContexts({ text: "alpha", ...options });
      await expect(refused, JSON.stringify(options)).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  it("[Q7] a hit in a thread lends to its neighbours, and brings them where it is widened", async () => {
    const store = (await openNew(engine, [Turn])).store(Turn);
    const say = (conversation: string, turn: number, text: string) => ({
      id: `${conversation}${turn}`,
      type: "turn",
      content: { text },
      metadata: { conversation, session: 1, turn },
    });
    await store.storeContexts([
      say("a", 1, "Hello there"),
      say("a", 2, "Where did you buy the telescope?"),
      say("a", 3, "In the old town, on Saturday."),
      say("a", 4, "Nice!"),
      say("b", 1, "What a day"),
      say("b", 2, "Indeed"),
    ]);
    const hits = await store.searchContexts({ text: "telescope bought where", widen: 1 });
    const ids = hits.map(({ context }) => context.id);
    expect(ids[0]).toBe("a2");
    expect(ids).toContain("a3");
    expect(ids.some((id) => id.startsWith("b"))).toBe(false);
    expect([hits[0]?.before, hits[0]?.after].map((around) => around?.map(({ id }) => id))).toEqual([
      ["a1"],
      ["a3"],
    ]);
    const first = hits.find(({ context }) => context.id === "a1");
    if (first) expect(first.before).toEqual([]);
  });

  it("[Q3] bad input is refused by name, at once; text is never syntax", async () => {
    const store = await openArticles(engine);
    const refused: [options: object, code: string][] = [
      [{}, "invalid_argument"],
      [{ txt: "a" }, "invalid_argument"],
      [{ text: 7 }, "invalid_argument"],
      [{ text: "a", limit: 0 }, "invalid_argument"],
      [{ text: "a", limit: -1 }, "invalid_argument"],
      [{ text: "a", limit: 1e9 }, "invalid_argument"],
      [{ text: "a", limit: Number.NaN }, "invalid_argument"],
      [{ text: "a", widen: 1 }, "invalid_argument"],
      [{ text: "a", halfLife: 0 }, "invalid_argument"],
      [{ text: "a", boost: [{ where: {}, factor: -1 }] }, "invalid_argument"],
      [{ text: "a", where: { nowhere: 1 } }, "invalid_argument"],
      [{ embeddings: [1, 2, 3] }, "invalid_argument"],
      [{ text: "x ".repeat(1_000_000) }, "too_large"],
    ];
    for (const [options, code] of refused) {
      await expect(store.searchContexts(options), JSON.stringify(options).slice(0, 80)).rejects.toMatchObject(
        { code },
      );
    }
    for (const text of [
      '"',
      '"unclosed customer',
      "*",
      "NEAR(customer, refund)",
      "title: refund",
      "a AND OR NOT",
      "(",
      "^x",
      "-customer",
      "\u0000",
      "' OR 1=1 --",
      "%_\\",
      "",
      "   ",
    ]) {
      expect(Array.isArray(await store.searchContexts({ text }))).toBe(true);
    }
    expect((await store.searchContexts({ text: "x ".repeat(50_000) })).length).toBe(0);
    const aborted = AbortSignal.abort(new Error("enough"));
    await expect(store.searchContexts({ text: "a", signal: aborted })).rejects.toThrow("enough");
  });
};
