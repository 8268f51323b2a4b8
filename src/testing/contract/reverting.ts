import { expect, it } from "vitest";
import { z } from "zod";
import { defineComponent, InvalidContextError, VersionConflictError } from "../../index.ts";
import { Anything } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";
import { note, vectorOf, watched } from "../watched-embeddings.ts";

/** Going back to an earlier version. */
export const reverting = (engine: EngineUnderTest): void => {
  it("[V10] a revert is a new version with what the earlier one had, and names it", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.as({ id: "ada" }).store(Anything);
    const first = await store.storeContext({
      id: "a",
      type: "one",
      content: { n: 1 },
      metadata: { by: "x" },
      embeddings: [1, 2, 3, 4],
    });
    for (const n of [2, 3, 4]) await store.storeContext({ id: "a", type: "other", content: { n } });
    const reverted = await store.revertContext("a", 1);
    expect(reverted).toEqual({ ...first, version: 5, updatedAt: reverted.updatedAt });
    expect(await store.getContext("a")).toEqual(reverted);
    const [entry, before] = (await store.history("a")).versions;
    expect(entry).toMatchObject({ version: 5, operation: "store", actor: "ada", parents: [4, 1] });
    expect(before).toMatchObject({ parents: [3] });
    expect(await store.diff("a", 1, 5)).toEqual([]);
    expect((await store.listContexts({ where: { "content.n": 1 } })).contexts).toHaveLength(1);
  });

  it("[V10, V5] what was deleted is there again; a deletion is not reverted to", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { n: 1 } });
    await store.deleteContext("a");
    expect(await store.revertContext("a", 1)).toMatchObject({ version: 3, content: { n: 1 } });
    expect(await store.retrieveContext("a")).toMatchObject({ version: 3 });
    await expect(store.revertContext("a", 2)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("is a deletion. Delete it instead."),
      details: { id: "a", version: 2 },
    });
    for (const [id, version] of [
      ["a", 4],
      ["b", 1],
    ] as const)
      await expect(store.revertContext(id, version)).rejects.toMatchObject({
        code: "context_not_found",
        details: { id, version },
      });
    const other = base.as({ id: "b", tenant: "other" }).store(Anything);
    await expect(other.revertContext("a", 1)).rejects.toMatchObject({ code: "context_not_found" });
    for (const version of [0, 1.5, Number.NaN])
      await expect(store.revertContext("a", version)).rejects.toMatchObject({ code: "invalid_argument" });
    expect((await store.history("a")).versions).toHaveLength(3);
  });

  it("[V10, V3, C2] a revert that names its version conflicts; one sent again is done once", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    for (const n of [1, 2]) await store.storeContext({ id: "a", type: "t", content: { n } });
    for (const version of [2, 4])
      await expect(store.revertContext("a", 1, { version })).rejects.toThrow(VersionConflictError);
    const reverted = await store.revertContext("a", 1, { version: 3, write: "w" });
    expect(reverted).toMatchObject({ version: 3, content: { n: 1 } });
    await store.storeContext({ id: "a", type: "t", content: { n: 4 } });
    expect(await store.revertContext("a", 1, { version: 3, write: "w" })).toEqual(reverted);
    await expect(store.revertContext("a", 2, { write: "w" })).rejects.toMatchObject({ code: "write_reused" });
    expect(await store.getContext("a")).toMatchObject({ version: 4 });
  });

  it("[V10, V12, V8] a time that has not passed comes back; what expired comes back to stay", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const expiresAt = new Date(clock() + 10_000);
    await store.storeContext({ id: "a", type: "t", content: { n: 1 }, expiresAt });
    await store.storeContext({ id: "a", type: "t", content: { n: 1 } });
    expect(await store.diff("a")).toEqual([{ op: "remove", path: "/expiresAt" }]);
    expect(await store.revertContext("a", 1)).toMatchObject({ version: 3, expiresAt });
    clock.advance(10_000);
    expect(await store.retrieveContext("a")).toBeUndefined();
    const back = await store.revertContext("a", 1);
    expect(back.expiresAt).toBeUndefined();
    expect(await store.getContext("a")).toEqual(back);
  });

  it("[V10] reverts at once, beside other writes, are all done", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { n: 1 } });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? store.revertContext("a", 1)
          : store.storeContext({ id: "a", type: "t", content: { n: -n } }),
      ),
    );
    expect((await store.history("a")).versions).toHaveLength(21);
  });

  it("[V10, Q9] the vector of the version comes back as it was, whatever its text says", async () => {
    const { Note, texts } = watched();
    const store = (await openNew(engine, [Note])).store(Note);
    const own = Float32Array.from(await vectorOf("another"), (number) => number / 2);
    await store.storeContext({ ...note("a", "one"), embeddings: own });
    await store.storeContext({ ...note("a", "two"), version: 2, embeddings: own });
    await store.storeContext(note("a", "three"));
    const embedded = texts().length;
    expect((await store.revertContext("a", 1)).embeddings).toEqual(own);
    expect(texts()).toHaveLength(embedded);
  });

  itWith(engine, "reopens")(
    "[V10, S2] what does not fit the component any more is refused by name",
    async () => {
      const { open } = await createNew(engine);
      // What a refinement wants stands in no JSON Schema, so that the component counts as the same one.
      const longer = (least: number) => {
        const name = z.string().refine((text) => text.length >= least);
        return defineComponent({ name: "Thing", types: { thing: z.object({ name }) } });
      };
      const [loose, strict] = [longer(0), longer(3)];
      const first = await open({ components: [loose] });
      for (const name of ["Al", "Ada"])
        await first.store(loose).storeContext({ id: "a", type: "thing", content: { name } });
      await first.close();
      const store = (await open({ components: [strict] })).store(strict);
      await expect(store.revertContext("a", 1)).rejects.toThrow(InvalidContextError);
      expect(await store.getContext("a")).toMatchObject({ version: 2, content: { name: "Ada" } });
    },
  );
};
