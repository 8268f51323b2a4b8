import { expect, it } from "vitest";
import { Anything, Customer } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

/** Lists, page by page. */
export const listing = (engine: EngineUnderTest): void => {
  it("[Q2] a list is newest first, by type or not, and a full walk sees each unchanged context once while others write", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const ids = Array.from({ length: 57 }, (_, number) => `${number}`);
    await store.storeContexts(ids.map((id) => ({ id, type: `t${Number(id) % 2}`, content: {} })));
    for (const type of [undefined, "t0", "t1"]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listContexts({ type, limit: 5, cursor });
        seen.push(...page.contexts.map(({ id }) => id));
        cursor = page.nextCursor;
        await store.storeContext({ type: "t0", content: {} });
        await store.storeContext({ id: "0", type: "t0", content: {} });
      } while (cursor !== undefined);
      const expected = ids.filter((id) => type === undefined || `t${Number(id) % 2}` === type).reverse();
      expect(seen.filter((id) => ids.includes(id))).toEqual(expected);
    }
  });

  it("[Q2] a page of large contexts ends early, and the walk goes on", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    // Large, and without a word that the engines would search: what is listed matters here.
    const text = "-".repeat(7 * 1024 * 1024);
    for (let number = 0; number < 7; number++)
      await store.storeContext({ type: "t", content: { number, text } });
    const first = await store.listContexts({ limit: 9 });
    const rest = await store.listContexts({ limit: 9, cursor: first.nextCursor });
    const numbers = [...first.contexts, ...rest.contexts].map(({ content }) => content.number);
    expect([first.contexts.length, numbers, rest.nextCursor]).toEqual([5, [6, 5, 4, 3, 2, 1, 0], undefined]);
  });

  it("[Q2] a cursor of another list, or a forged one, is refused", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    const store = base.store(Anything);
    await store.storeContexts(["a", "b", "c"].map((id) => ({ id, type: "t", content: {} })));
    const { nextCursor: cursor } = await store.listContexts({ limit: 1 });
    expect(cursor).toBeTypeOf("string");
    const refused = [
      () => store.listContexts({ type: "t", cursor }),
      () => store.history("a", { cursor }),
      () => base.store(Customer).listContexts({ cursor }),
      () => store.listContexts({ cursor: "x" }),
      () => store.listContexts({ cursor: `${cursor}x` }),
    ];
    for (const call of refused) await expect(call()).rejects.toMatchObject({ code: "invalid_cursor" });
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(store.listContexts({ limit })).rejects.toMatchObject({ code: "invalid_argument" });
    }
    await expect(base.store(Customer).listContexts({ type: "prfile" })).rejects.toThrow(
      /Its types: profile, note/,
    );
  });
};
