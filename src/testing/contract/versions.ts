import { expect, it } from "vitest";
import { VersionConflictError } from "../../index.ts";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const note = (text: string) => ({ type: "note", content: { text } });

/** How writes make versions, and what conflicts. */
export const versions = (engine: EngineUnderTest): void => {
  it("[V1] the first write makes version 1; createdAt stays and updatedAt rises though the clock steps back", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const store = base.store(Anything);
    const first = await store.storeContext({ id: "a", ...note("1") });
    expect(first).toMatchObject({ version: 1, createdAt: new Date(clock()), updatedAt: new Date(clock()) });
    clock.advance(-5_000);
    const second = await store.storeContext({ id: "a", ...note("2") });
    const third = await store.storeContext({ id: "a", ...note("3") });
    expect([second.createdAt, third.createdAt]).toEqual([first.createdAt, first.createdAt]);
    expect(second.updatedAt.getTime()).toBe(first.updatedAt.getTime() + 1);
    expect(third.updatedAt.getTime()).toBe(first.updatedAt.getTime() + 2);
    expect(await store.getContext("a")).toEqual(third);
  });

  it("[V2] without a version a write makes the next one, whatever is there", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    for (const version of [1, 2, 3]) {
      expect(await store.storeContext({ id: "a", ...note(`${version}`) })).toMatchObject({ version });
    }
  });

  it("[V3] empty content, embeddings and metadata stored under test_id read back", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "test_id", type: "test", content: {}, embeddings: [], metadata: {} });
    expect(await store.retrieveContext("test_id")).toMatchObject({
      id: "test_id",
      type: "test",
      content: {},
      embeddings: new Float32Array(0),
      metadata: {},
      version: 1,
    });
  });

  it("[V3] stored with version 1, given version 2 and stored again, it reads back as version 2; once more conflicts", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const context = await store.storeContext({ id: "test_id", type: "test", content: {}, version: 1 });
    context.version = 2;
    await store.storeContext(context);
    expect(await store.retrieveContext("test_id")).toMatchObject({ version: 2 });
    await expect(store.storeContext(context)).rejects.toThrow(VersionConflictError);
  });

  it("[V3] a write or a deletion of any version but the next changes nothing", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", ...note("1") });
    const stands = await store.getContext("a");
    for (const version of [1, 3, 1_000]) {
      await expect(store.storeContext({ id: "a", ...note("x"), version })).rejects.toThrow(
        VersionConflictError,
      );
      await expect(store.deleteContext("a", { version })).rejects.toThrow(VersionConflictError);
    }
    await expect(store.storeContext({ id: "new", ...note("x"), version: 2 })).rejects.toMatchObject({
      current: 0,
    });
    expect(await store.getContext("a")).toEqual(stands);
    expect((await store.history("a")).versions).toHaveLength(1);
    expect(await store.deleteContext("a", { version: 2 })).toBe(true);
    await expect(store.storeContext({ id: "a", ...note("x"), version: 1 })).rejects.toMatchObject({
      current: 2,
    });
  });

  it("[V4] a conflict says id, attempted and current, and carries contents that no logger prints", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", ...note("theirs-secret") });
    const error = await store
      .storeContext({ id: "a", ...note("yours-secret"), version: 7 })
      .catch((cause) => cause);
    expect(error).toBeInstanceOf(VersionConflictError);
    expect(error).toMatchObject({ code: "version_conflict", id: "a", attempted: 7, current: 1, status: 409 });
    expect(error.theirs).toMatchObject({ content: { text: "theirs-secret" } });
    expect(error.yours).toMatchObject({ content: { text: "yours-secret" } });
    expect(JSON.stringify(error) + error.message + Object.keys(error)).not.toMatch(/secret|yours|theirs/);
  });

  it("[V4] one conflict in a batch leaves all of it undone, and an id twice is refused", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "c", ...note("1") });
    const batch = [
      { id: "a", ...note("1") },
      { id: "b", ...note("1") },
      { id: "c", ...note("2"), version: 1 },
    ];
    await expect(store.storeContexts(batch)).rejects.toMatchObject({ id: "c", attempted: 1, current: 1 });
    expect(await store.retrieveContexts(["a", "b"])).toEqual([undefined, undefined]);
    const twice = [
      { id: "a", ...note("1") },
      { id: "a", ...note("2") },
    ];
    await expect(store.storeContexts(twice)).rejects.toMatchObject({
      code: "invalid_context",
      details: { id: "a" },
    });
    expect(await store.retrieveContext("a")).toBeUndefined();
  });

  it("[V5] a deletion is a version: the id reads as absent, and a later write makes the next number", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const first = await store.storeContext({ id: "a", ...note("1") });
    expect(await store.deleteContext("a")).toBe(true);
    expect(await store.deleteContext("a")).toBe(false);
    expect(await store.retrieveContext("a")).toBeUndefined();
    expect(await store.retrieveContext("a", { version: 2 })).toBeUndefined();
    expect(await store.retrieveContexts(["a"])).toEqual([undefined]);
    expect((await store.listContexts()).contexts).toEqual([]);
    await expect(store.getContext("a")).rejects.toMatchObject({
      code: "context_not_found",
      details: { id: "a" },
    });
    const again = await store.storeContext({ id: "a", ...note("3") });
    expect(again).toMatchObject({ version: 3, createdAt: first.createdAt });
    expect((await store.history("a")).versions.map(({ version, operation }) => [version, operation])).toEqual(
      [
        [3, "store"],
        [2, "delete"],
        [1, "store"],
      ],
    );
  });
};
