import { expect, it } from "vitest";
import { defineComponent } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { Article, article, idsOf, openArticles } from "./articles.ts";

/** Searches by text: what is found, what is not, and what is told of it. */
export const searching = (engine: EngineUnderTest): void => {
  it("[Q3, Q5] a text is found by its words, whatever their form, case and accents; other texts are not", async () => {
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
};
