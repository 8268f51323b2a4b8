import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

/** Writes that are sent again. */
export const repeating = (engine: EngineUnderTest): void => {
  it("[C2] a write sent again under its id changes nothing and gets the first answer", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const made = await store.storeContext({ type: "t", content: { n: 1 } }, { write: "w1" });
    expect(await store.storeContext({ type: "t", content: { n: 1 } }, { write: "w1" })).toEqual(made);
    const batch = ["a", "b"].map((id) => ({ id, type: "t", content: {} }));
    const stored = await store.storeContexts(batch, { write: "w2" });
    await store.storeContext({ id: "a", type: "t", content: { later: true } });
    expect(await store.storeContexts(batch, { write: "w2" })).toEqual(stored);
    expect(await store.deleteContext("b", { write: "w3" })).toBe(true);
    expect(await store.deleteContext("b", { write: "w3" })).toBe(true);
    expect(await base.findWrite("w2")).toMatchObject({
      write: "w2",
      actor: "anonymous",
      changes: [
        { component: "Anything", id: "a", version: 1, operation: "store" },
        { component: "Anything", id: "b", version: 1, operation: "store" },
      ],
    });
    expect(await base.findWrite("never")).toBeUndefined();
    const others = [
      store.storeContext({ type: "t", content: { n: 2 } }, { write: "w1" }),
      store.storeContext({ id: "a", type: "t", content: {} }, { write: "w2" }),
      store.deleteContext("a", { write: "w3" }),
    ];
    for (const other of others) await expect(other).rejects.toMatchObject({ code: "write_reused" });
    expect((await store.history("a")).versions).toHaveLength(2);
  });

  it("[C2, S6] an update sent again under its write id is done once; one inside of itself is refused", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { count: 0 } });
    await store.storeContext({ id: "b", type: "t", content: { count: 0 } });
    const increment = (id: string) =>
      store.updateContext(
        id,
        ({ content, ...rest }) => ({ ...rest, content: { count: Number(content.count) + 1 } }),
        {
          write: "w",
        },
      );
    const first = await increment("a");
    expect(first).toMatchObject({ version: 2, content: { count: 1 } });
    expect(await increment("a")).toEqual(first);
    expect((await store.getContext("a")).version).toBe(2);
    await expect(increment("b")).rejects.toMatchObject({ code: "write_reused" });
    const nested = store.updateContext("a", async () => {
      await store.updateContext("a", () => {});
    });
    await expect(nested).rejects.toMatchObject({ code: "invalid_argument" });
  });
};
