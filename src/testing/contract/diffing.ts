import { expect, it } from "vitest";
import { applyPatch, encodeContext, type JsonObject } from "../../index.ts";
import { Anything, Customer } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { watched } from "../watched-embeddings.ts";

/** How two versions of a context differ. */
export const diffing = (engine: EngineUnderTest): void => {
  it("[V8] the patch between two versions makes the one of the other, in either direction", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const contents: readonly JsonObject[] = [
      { name: "Ada", tags: ["a", "b", "c"], "a/b": { "~": 1 }, gone: null },
      { name: "Ada L.", tags: ["a", "c", "d"], "a/b": { "~": 2, constructor: [] } },
      {},
    ];
    for (const [n, content] of contents.entries())
      await store.storeContext({ id: "a", type: `t${n}`, content, metadata: n === 1 ? { by: "x" } : {} });
    for (const [from, to] of [
      [1, 2],
      [2, 1],
      [1, 3],
      [3, 3],
    ] as const) {
      const [one, other] = [
        encodeContext(await store.getContext("a", { version: from })),
        encodeContext(await store.getContext("a", { version: to })),
      ];
      const { type, content, metadata } = other;
      const applied = applyPatch(one, await store.diff("a", from, to));
      expect(applied).toEqual({ ...one, type, content, metadata });
    }
    expect(await store.diff("a", 3, 3)).toEqual([]);
    expect(await store.diff("a")).toEqual(await store.diff("a", 2, 3));
    expect(await store.diff("a", undefined, 2)).toEqual(await store.diff("a", 1, 2));
    expect(await store.diff("a", 1)).toEqual(await store.diff("a", 1, 3));
  });

  it("[V8] of embeddings it tells the distance, and no number", async () => {
    const store = (await openNew(engine, [Customer])).store(Customer);
    const vectors = [[], [1, 0, 0], [0, 2, 0], [0, 4, 0], [0, -1, 0], []];
    for (const embeddings of vectors)
      await store.storeContext({ id: "a", type: "note", content: { text: "x" }, embeddings });
    const told = async (to: number) => {
      const diff = await store.diff("a", to - 1, to);
      expect(diff).toHaveLength(0);
      return diff.embeddings;
    };
    expect(await told(2)).toEqual({ change: "added" });
    expect(await told(3)).toEqual({ change: "moved", distance: 1 });
    // It points the same way, and is longer.
    expect(await told(4)).toEqual({ change: "moved", distance: 0 });
    expect(await told(5)).toEqual({ change: "moved", distance: 2 });
    expect(await told(6)).toEqual({ change: "removed" });
    expect((await store.diff("a", 2, 2)).embeddings).toBeUndefined();
    const { Note } = watched();
    const notes = (await openNew(engine, [Note])).store(Note);
    await notes.storeContext({ id: "a", type: "note", content: { text: "one" } });
    await notes.storeContext({ id: "a", type: "note", content: { text: "two" } });
    const { embeddings } = await notes.diff("a");
    expect(embeddings).toMatchObject({ change: "moved", distance: expect.any(Number) });
  });

  it("[V8, S5] a version that is a deletion, or is not there, is named", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    await store.storeContext({ id: "a", type: "t", content: {} });
    await expect(store.diff("a")).rejects.toMatchObject({ code: "invalid_argument", details: { id: "a" } });
    await store.deleteContext("a");
    await store.storeContext({ id: "a", type: "t", content: { again: true } });
    for (const [from, to, version] of [
      [1, 2, 2],
      [2, 3, 2],
      [undefined, undefined, 2],
      [1, 4, 4],
    ] as const)
      await expect(store.diff("a", from, to)).rejects.toMatchObject({
        code: "context_not_found",
        component: "Anything",
        details: { id: "a", version },
      });
    expect(await store.diff("a", 1)).toEqual([{ op: "add", path: "/content/again", value: true }]);
    await expect(store.diff("b")).rejects.toMatchObject({ code: "context_not_found", details: { id: "b" } });
    for (const from of [0, -1, 1.5, Number.NaN])
      await expect(store.diff("a", from)).rejects.toMatchObject({ code: "invalid_argument" });
    const other = base.as({ id: "b", tenant: "other" }).store(Anything);
    await expect(other.diff("a", 1, 3)).rejects.toMatchObject({ code: "context_not_found" });
  });
};
