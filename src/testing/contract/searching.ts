import { expect, it } from "vitest";
import { type ContextStore, defineComponent, type Hits } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

const Article = defineComponent({
  name: "Article",
  searchText: ["content.title", "content.text"],
  indexes: ["metadata.source", "metadata.year"],
});

const Turn = defineComponent({
  name: "Turn",
  searchText: ["content.text"],
  thread: ["metadata.conversation", "metadata.session"],
  order: "metadata.turn",
});

type Articles = ContextStore<typeof Article>;

const idsOf = (hits: Hits<typeof Article>): string[] => hits.map(({ context }) => context.id);

const article = (id: string, title: string, text: string, metadata = {}) => ({
  id,
  type: "article",
  content: { title, text, hidden: "zebra" },
  metadata,
});

const openArticles = async (engine: EngineUnderTest): Promise<Articles> => {
  const store = (await openNew(engine, [Article])).store(Article);
  await store.storeContexts([
    article("refund", "Refunds", "A refund takes five days to reach the customer.", {
      source: "faq",
      year: 2024,
    }),
    article("invoice", "Invoices", "The customer finds every invoice under Billing.", {
      source: "faq",
      year: 2025,
    }),
    article("parrot", "Parrots", "Parrots are birds. Café Müller has two of them.", { source: "blog" }),
    article("error", "Loading fails", "ERR_DLOPEN_FAILED comes from getUserById in v1.2.3", {
      source: "log",
    }),
  ]);
  return store;
};

/** Searches by text: what is found, what is not, and what is told of it. */
export const searching = (engine: EngineUnderTest): void => {
  it("[Q3] a text is found by its words, whatever their form, case and accents; other texts are not", async () => {
    const store = await openArticles(engine);
    const cases: [text: string, ids: string[]][] = [
      ["refund", ["refund"]],
      ["REFUNDING", ["refund"]],
      ["cafe muller", ["parrot"]],
      ["bird", ["parrot"]],
      ["customers invoice", ["invoice", "refund"]],
      ['"customer finds"', ["invoice"]],
      ['"finds customer"', []],
      ["invo*", ["invoice"]],
      ["ERR_DLOPEN_FAILED", ["error"]],
      ["dlopen", ["error"]],
      ["getUserById", ["error"]],
      ["v1.2.3", ["error"]],
      ["zebra", []],
      ["xyzzy whatsoever", []],
    ];
    for (const [text, ids] of cases) {
      expect([text, idsOf(await store.searchContexts({ text }))]).toEqual([text, ids]);
    }
  });

  it("[Q3] a filter is applied before the limit, so that there are never fewer hits than asked for while more match", async () => {
    const store = (await openNew(engine, [Article])).store(Article);
    const many = Array.from({ length: 600 }, (_, number) =>
      article(
        `${number}`,
        "Same",
        number % 100 === 0 ? "word" : "word word word",
        number % 100 === 0 ? { source: "rare" } : {},
      ),
    );
    await store.storeContexts(many);
    const rare = ["0", "100", "200", "300", "400", "500"];
    const search = { text: "word", limit: 6 } as const;
    const declared = await store.searchContexts({ ...search, where: { "metadata.source": "rare" } });
    expect(idsOf(declared).sort()).toEqual(rare);
    const undeclared = await store.searchContexts({ ...search, where: { "content.text": "word" } });
    expect(idsOf(undeclared).sort()).toEqual(rare);
    expect(await store.searchContexts({ text: "word", limit: 600 })).toHaveLength(600);
    expect(await store.searchContexts({ text: "word", type: "other" })).toHaveLength(0);
  });

  it("[Q4] what was changed or deleted is found as it is now, or not at all", async () => {
    const store = await openArticles(engine);
    expect(idsOf(await store.searchContexts({ text: "birds" }))).toEqual(["parrot"]);
    await store.storeContext(article("parrot", "Parrots", "They talk a lot."));
    expect(idsOf(await store.searchContexts({ text: "birds" }))).toEqual([]);
    expect((await store.searchContexts({ text: "talk" }))[0]?.context.version).toBe(2);
    await store.deleteContext("parrot");
    expect(idsOf(await store.searchContexts({ text: "talk" }))).toEqual([]);
    await store.storeContext(article("parrot", "Parrots", "They are back."));
    expect((await store.searchContexts({ text: "back" }))[0]?.context.version).toBe(4);
  });

  it("[Q4] while many write, a hit is never a version that was superseded before the search began", async () => {
    const store = (await openNew(engine, [Article])).store(Article);
    const ids = Array.from({ length: 16 }, (_, number) => `c${number}`);
    const versions = new Map<string, number>();
    let going = true;
    const write = async (id: string): Promise<void> => {
      while (going) {
        const { version } = await store.storeContext(article(id, "Common", `common ${id}`));
        versions.set(id, version);
      }
    };
    const writers = ids.map(write);
    for (let round = 0; round < 40; round++) {
      const before = new Map(versions);
      const hits = await store.searchContexts({ text: "common", limit: ids.length });
      for (const { context } of hits)
        expect(context.version).toBeGreaterThanOrEqual(before.get(context.id) ?? 1);
      expect(new Set(idsOf(hits)).size).toBe(hits.length);
    }
    going = false;
    await Promise.all(writers);
    expect(idsOf(await store.searchContexts({ text: "common", limit: 16 })).sort()).toEqual(ids.sort());
  });

  it("[S5] a tenant finds nothing of another, and its scores do not tell of it", async () => {
    const base = await openNew(engine, [Article]);
    const [a, b] = ["a", "b"].map((tenant) => base.as({ id: "x", tenant }).store(Article));
    if (!a || !b) throw new Error("Two tenants are needed.");
    await a.storeContext(article("1", "Secret", "plan for the launch"));
    const alone = await a.searchContexts({ text: "launch plan" });
    await b.storeContexts(
      Array.from({ length: 50 }, (_, number) => article(`${number}`, "Other", "launch launch")),
    );
    expect(await a.searchContexts({ text: "launch plan" })).toEqual(alone);
    expect(idsOf(await b.searchContexts({ text: "secret" }))).toEqual([]);
    const Other = defineComponent({ name: "Other" });
    expect(() => base.store(Other)).toThrow(/No component "Other"/);
  });

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
