import { expect, it } from "vitest";
import { defineComponent, type ListOptions } from "../../index.ts";
import { Anything, Indexed } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const note = (id: string, content: object, type = "note") => ({ id, type, content: { ...content } });

/** The component as it was, and as it is. */
const Before = defineComponent({ name: "Counted" });
const After = defineComponent({
  name: "Counted",
  schemaVersion: 2,
  indexes: ["content.count"],
  compatibility: "none",
  upgrades: {
    2: ({ content: { n, ...rest } }) => ({ type: "thing", content: { ...rest, count: Number(n) } }),
  },
});

/** Whole stores as they stood, and what upgrades and expiry make of it. */
export const snapshots = (engine: EngineUnderTest): void => {
  it("[V7, S5] a snapshot is the whole store as it stood at a time, and only reads", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything, Indexed], { clock });
    const view = base.as({ id: "a", tenant: "own" });
    await view
      .store(Anything)
      .storeContexts([note("a", { text: "first words" }), note("b", { text: "others" })]);
    await view.store(Indexed).storeContext(note("a", { value: 1 }));
    clock.advance(1_000);
    const before = view.at(new Date(clock() - 1).toISOString());
    await view.store(Anything).storeContext(note("a", { text: "second words" }));
    await view.store(Indexed).deleteContext("a");
    clock.advance(1_000);
    const then = before.store(Anything);
    expect(Object.keys(then).sort()).toEqual(
      [
        ...["at", "component", "countContexts", "getContext", "history", "listContexts"],
        ...["retrieveContext", "retrieveContexts", "searchContexts"],
      ].sort(),
    );
    expect((await then.getContext("a")).content.text).toBe("first words");
    expect((await then.retrieveContexts(["b", "a", "c"])).map((one) => one?.version)).toEqual([
      1,
      1,
      undefined,
    ]);
    expect(await then.retrieveContext("c")).toBeUndefined();
    expect((await then.listContexts({ limit: 1 })).contexts.map(({ id }) => id)).toEqual(["b"]);
    expect(await then.countContexts({ where: { "content.text": "first words" } })).toBe(1);
    expect((await then.history("a")).versions).toHaveLength(1);
    expect(
      (await then.searchContexts({ text: "second words" })).map(({ context }) => context.version),
    ).toEqual([1]);
    expect(await before.store(Indexed).countContexts()).toBe(1);
    const { text, items } = await before.assemble({
      query: "words",
      sources: [{ component: Anything }],
      budget: { tokens: 200 },
    });
    expect([text.includes("first words"), text.includes("second"), items.length]).toEqual([true, false, 1]);
    expect(
      await base
        .at(new Date(clock() - 1))
        .store(Anything)
        .countContexts(),
    ).toBe(0);
    expect(
      await view
        .at(new Date(clock() + 1_000))
        .store(Indexed)
        .countContexts(),
    ).toBe(0);
    expect(() => base.at("yesterday")).toThrow(/2026-01-31T12:00:00Z/);
    const misused = then.listContexts({ asOf: new Date() } as object);
    await expect(misused).rejects.toMatchObject({ code: "invalid_argument" });
  });

  itWith(engine, "reopens")(
    "[V7, E2] filters, orders and searches as of a time look into content of earlier schema versions as upgrades make it",
    async () => {
      const clock = manualClock();
      const data = await createNew(engine);
      const before = await data.open({ components: [Before], clock });
      await before.store(Before).storeContexts([
        { id: "a", type: "item", content: { n: "1", text: "one apple" } },
        { id: "b", type: "item", content: { n: "5", text: "five pears" } },
        { id: "c", type: "item", content: { n: "3", text: "three apples" } },
      ]);
      clock.advance(1_000);
      await before.close();
      const store = (await data.open({ components: [After], clock })).store(After);
      await store.storeContext({ id: "d", type: "thing", content: { count: 4, text: "four apples" } });
      clock.advance(1_000);
      const asOf = new Date(clock() - 1);
      await store.storeContext({ id: "c", type: "thing", content: { count: 100, text: "plums" } });
      await store.deleteContext("b");
      clock.advance(1_000);
      const list = async (options: ListOptions) =>
        (await store.listContexts({ ...options, asOf })).contexts.map(({ id, version }) => id + version);
      expect(await list({ orderBy: "content.count" })).toEqual(["a1", "c1", "d1", "b1"]);
      expect(await list({ where: { "content.count": { $gte: 3 } }, limit: 2 })).toEqual(["d1", "c1"]);
      expect(await list({ type: "thing" })).toEqual(["d1", "c1", "b1", "a1"]);
      expect(await list({ type: "item" })).toEqual([]);
      expect(await store.countContexts({ where: { "content.count": 5 }, asOf })).toBe(1);
      expect((await store.retrieveContext("b", { asOf }))?.content).toEqual({ count: 5, text: "five pears" });
      const hits = await store.searchContexts({
        text: "apple",
        where: { "content.count": { $lt: 4 } },
        asOf,
      });
      expect(hits.map(({ context }) => [context.id, context.type]).sort()).toEqual([
        ["a", "thing"],
        ["c", "thing"],
      ]);
    },
  );

  it("[V7, V12] what expired by a time did not stand then", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const start = clock();
    await store.storeContexts([{ ...note("a", {}), expiresAt: new Date(start + 5_000) }, note("b", {})]);
    clock.advance(1_000);
    await store.storeContext({ ...note("b", {}), expiresAt: new Date(start + 3_000) });
    clock.advance(9_000);
    await store.storeContext(note("b", {}));
    clock.advance(1_000);
    const standing = async (after: number) => {
      const asOf = new Date(start + after);
      const { contexts } = await store.listContexts({ asOf });
      const found = await store.retrieveContexts(["b", "a"], { asOf });
      expect(found.flatMap((one) => one ?? [])).toEqual(contexts);
      expect(await store.countContexts({ asOf })).toBe(contexts.length);
      return contexts.map(({ id, version }) => id + version);
    };
    expect(await standing(0)).toEqual(["b1", "a1"]);
    expect(await standing(2_999)).toEqual(["b2", "a1"]);
    expect(await standing(3_000)).toEqual(["a1"]);
    expect(await standing(4_999)).toEqual(["a1"]);
    expect(await standing(5_000)).toEqual([]);
  });
};
