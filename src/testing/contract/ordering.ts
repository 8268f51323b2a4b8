import { expect, it } from "vitest";
import { defineComponent, type Json, type ListOptions } from "../../index.ts";
import { Indexed } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";

const long = "~".repeat(200);

/** In the order of lists; those that tie in the order in which they are stored. */
const inOrder: readonly (Json | undefined)[] = [
  ...[undefined, undefined, null, false, true, -1e308, -1, 0.1, 1, 2 ** 60, 1e21, "", "1", "a", "ab"],
  ...[long, `${long}b`, `${long}a`, "\uFFFD", "😀", "\u{10FFFF}", [], [2], [1], [1, 2], { b: 1 }, { a: 1 }],
];

type Store = ReturnType<Awaited<ReturnType<typeof openNew>>["store"]>;

const walk = async (
  store: Store,
  options: ListOptions,
  between?: () => Promise<unknown>,
): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.listContexts({ ...options, cursor });
    ids.push(...page.contexts.map(({ id }) => id));
    cursor = page.nextCursor;
    await between?.();
  } while (cursor !== undefined);
  return ids;
};

/** Orders of lists, and what is told of how they were found. */
export const ordering = (engine: EngineUnderTest): void => {
  it("[Q2] a list is ordered by whatever stands at a path, both ways, page by page", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    const ids = inOrder.map((_, at) => `${at}`);
    // Those that tie keep the order in which they were stored; all others come from anywhere.
    const shuffled = ids
      .filter((id) => Number(id) % 2 === 1)
      .concat(ids.filter((id) => Number(id) % 2 === 0));
    const places = new Map(shuffled.map((id, place) => [id, place]));
    for (const id of shuffled) {
      const value = inOrder[Number(id)];
      await store.storeContext({
        id,
        type: "t",
        content: value === undefined ? {} : { value, plain: value },
      });
    }
    const ties = [
      ["0", "1"],
      ["16", "17"],
      ["22", "23"],
      ["25", "26"],
    ];
    const expected = ids.map((id) => {
      const tie = ties.find((some) => some.includes(id));
      if (!tie) return id;
      const sorted = [...tie].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
      return sorted[tie.indexOf(id)];
    });
    for (const path of ["content.value", "content.plain"]) {
      for (const limit of [3, 1_000]) {
        expect([path, await walk(store, { orderBy: path, limit })]).toEqual([path, expected]);
        const descending = await walk(store, { orderBy: { [path]: "desc" }, limit });
        expect([path, descending]).toEqual([path, [...expected].reverse()]);
      }
    }
    expect(await walk(store, { orderBy: "id", limit: 5 })).toEqual([...ids].sort());
  });

  it("[Q2] a walk under a filter and in an order sees each unchanged context once while others write", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    const ids = Array.from({ length: 60 }, (_, at) => `${at}`);
    const contextOf = (id: string, value: number) => ({
      id,
      type: "t",
      content: { value, kind: Number(id) % 2 },
    });
    await store.storeContexts(ids.map((id) => contextOf(id, (Number(id) * 7) % 20)));
    const kept = ids.filter((id) => Number(id) % 2 === 0 && Number(id) >= 10);
    for (const orderBy of ["content.value", { "content.value": "desc" }, "updatedAt", undefined] as const) {
      let turn = 0;
      const seen = await walk(store, { where: { "content.kind": 0 }, orderBy, limit: 5 }, async () => {
        await store.storeContext(contextOf(`${turn % 10}`, turn++ % 20));
        await store.storeContext({ type: "t", content: { value: turn, kind: 0 } });
      });
      expect(seen.filter((id) => kept.includes(id)).sort()).toEqual([...kept].sort());
    }
  });

  it("[Q2] a cursor serves only the list that it came from", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    await store.storeContexts(["a", "b", "c"].map((id) => ({ id, type: "t", content: { value: id } })));
    const where = { "content.value": { $gt: "" } };
    const options = { where, orderBy: "content.value", limit: 1 };
    const { nextCursor: cursor } = await store.listContexts(options);
    const others: ListOptions[] = [
      { ...options, orderBy: { "content.value": "desc" } },
      { ...options, where: { "content.value": { $gt: "a" } } },
      { ...options, type: "t" },
      { where },
      {},
    ];
    for (const other of others) {
      await expect(store.listContexts({ ...other, cursor })).rejects.toMatchObject({
        code: "invalid_cursor",
      });
    }
    const wrong = [{ "content.a": "up" }, {}, { "content.a": "asc", "content.b": "asc" }, 5, "a"] as object[];
    for (const orderBy of wrong) {
      const asked = { orderBy } as ListOptions;
      await expect(store.listContexts(asked)).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  it("[Q2] a cursor that was forged is refused, or gives a page", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    await store.storeContexts(["a", "b", "c"].map((id) => ({ id, type: "t", content: { value: id } })));
    const parts = (cursor = ""): unknown[] => JSON.parse(Buffer.from(cursor, "base64url").toString());
    const forge = (cursor: string | undefined, place: unknown): string =>
      Buffer.from(JSON.stringify([...parts(cursor).slice(0, -1), place])).toString("base64url");
    const values = ['[4,0,"a"]', '[4.5,0,""]', '[99,0,""]', '[4,0,"\\u0000"]', '[4,0,"\\ud800"]'];
    const others = [
      '[4,1e999,""]',
      '[null,0,""]',
      "[4]",
      "[]",
      "{}",
      "x",
      "",
      '["4",0,"a"]',
      "[1e300]",
      "[0.5]",
    ];
    for (const orderBy of ["content.value", "content.plain", "id", "version", "createdAt"]) {
      const { nextCursor } = await store.listContexts({ orderBy, limit: 1 });
      const places = [...values, ...others].map((value) => [1, value]);
      for (const place of [
        ...places,
        1,
        [1],
        [1.5, '[4,0,"a"]'],
        [-1, ""],
        [2 ** 60, ""],
        [1, 2, 3],
        null,
        "1",
      ]) {
        const page = store.listContexts({ orderBy, cursor: forge(nextCursor, place) });
        const told = await page.then(
          ({ contexts }) => contexts.length <= 3,
          ({ code }) => code === "invalid_cursor",
        );
        expect([orderBy, place, told]).toEqual([orderBy, place, true]);
      }
    }
  });

  itWith(engine, "reopens")(
    "[Q1] an index that is declared later is filled in the background, and told in the plan",
    async () => {
      const data = await createNew(engine);
      const [without, declared] = [
        defineComponent({ name: "Later" }),
        defineComponent({ name: "Later", indexes: ["content.n"] }),
      ];
      const first = await data.open({ components: [without] });
      const contexts = Array.from({ length: 500 }, (_, n) => ({
        id: `${n}`,
        type: "t",
        content: { n: n % 10 },
      }));
      await first.store(without).storeContexts(contexts);
      const options = { where: { "content.n": 3 }, explain: true, limit: 1_000 };
      const before = await first.store(without).listContexts(options);
      expect(before.plan).toEqual([{ part: "filter", path: "content.n", way: "every context is read" }]);
      const store = (await data.open({ components: [declared] })).store(declared);
      let removed = 0;
      for (let way = ""; way !== "key rows"; ) {
        const { contexts: found, plan } = await store.listContexts(options);
        expect(found).toHaveLength(50 - removed);
        expect(await store.countContexts({ where: options.where })).toBe(50 - removed);
        way = plan?.[0]?.way ?? "";
        // The older program goes on writing, and knows nothing of the index.
        if (removed < 20)
          await first
            .store(without)
            .storeContext({ id: `${removed++ || ""}3`, type: "t", content: { n: 4 } });
      }
      expect(await store.countContexts({ where: { "content.n": 4 } })).toBe(50 + removed);
    },
  );
};
