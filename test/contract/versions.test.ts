import { VersionConflictError } from "contextbase";
import { describe, expect, it } from "vitest";
import { Anything } from "./components.ts";
import { engines, manualClock, openNew } from "./engines.ts";

const note = (text: string) => ({ type: "note", content: { text } });

describe.each(engines)("versions on $name", (engine) => {
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

  it("[V6, K5] every version of a long history reads back, and is listed newest first, page by page", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const content = (version: number) => ({
      version,
      text: "lorem ipsum ".repeat(version % 7 === 0 ? 9_000 : 80),
    });
    const embeddings = (version: number) => [version, 1, 2, 3];
    for (let version = 1; version <= 100; version++) {
      const metadata = { version };
      await store.storeContext({
        id: "a",
        type: `t${version % 3}`,
        content: content(version),
        embeddings: embeddings(version),
        metadata,
      });
      if (version % 40 === 0) await store.deleteContext("a").then(() => version++);
    }
    for (let version = 1; version <= 100; version++) {
      const read = await store.retrieveContext("a", { version });
      if (version === 41 || version === 81) expect(read).toBeUndefined();
      else {
        const expected = {
          version,
          type: `t${version % 3}`,
          content: content(version),
          metadata: { version },
        };
        expect(read).toMatchObject({ ...expected, embeddings: new Float32Array(embeddings(version)) });
      }
    }
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.history("a", { limit: 7, cursor });
      seen.push(...page.versions.map(({ version }) => version));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => seen.length - index));
    expect(seen.length).toBeGreaterThan(99);
  });

  it("[V7] asOf gives the version that was current then", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const start = clock();
    for (const text of ["1", "2"]) {
      await store.storeContext({ id: "a", ...note(text) });
      clock.advance(1_000);
    }
    await store.deleteContext("a");
    clock.advance(1_000);
    await store.storeContext({ id: "a", ...note("4") });
    const textAt = async (at: number) =>
      (await store.retrieveContext("a", { asOf: new Date(at) }))?.content.text;
    expect(await textAt(start - 1)).toBeUndefined();
    expect(await textAt(start)).toBe("1");
    expect(await textAt(start + 999)).toBe("1");
    expect(await textAt(start + 1_000)).toBe("2");
    expect(await textAt(start + 2_000)).toBeUndefined();
    expect(await textAt(start + 3_000)).toBe("4");
    expect(await textAt(start + 99_000)).toBe("4");
    clock.set(start - 60_000);
    await store.storeContext({ id: "a", ...note("5") });
    expect((await store.retrieveContext("a", { asOf: new Date(clock()).toISOString() }))?.content.text).toBe(
      "5",
    );
    for (const asOf of ["yesterday", new Date(Number.NaN)]) {
      await expect(store.retrieveContext("a", { asOf })).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  it("[V7] the contexts of one batch have one time, later than all that they supersede", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    await store.storeContext({ id: "b", ...note("1") });
    clock.advance(-1_000);
    const stored = await store.storeContexts(["a", "b", "c"].map((id) => ({ id, ...note("2") })));
    expect(new Set(stored.map(({ updatedAt }) => updatedAt.getTime()))).toEqual(new Set([clock() + 1_001]));
  });
});
