import { expect, it } from "vitest";
import { Anything, Indexed } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";
import { note, vectorOf, watched } from "../watched-embeddings.ts";

const thing = (id: string, n: number) => ({ id, type: "t", content: { n } });

/** Taking back what a write, or an actor, did. */
export const undoing = (engine: EngineUnderTest): void => {
  it("[V10] a whole batch is taken back: what was there is as before, what was not is gone", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    await store.storeContexts([thing("a", 1), thing("b", 1), thing("gone", 1)]);
    await store.deleteContext("gone");
    const batch = ["a", "b", "gone", "new"].map((id) => thing(id, 2));
    await store.storeContexts(batch, { write: "w" });
    const done = await base.as({ id: "admin" }).undo({ write: "w" });
    expect(done).toEqual({
      undone: [
        { component: "Anything", id: "a", from: 2, to: 1 },
        { component: "Anything", id: "b", from: 2, to: 1 },
        { component: "Anything", id: "gone", from: 3, to: 2 },
        { component: "Anything", id: "new", from: 1, to: 0 },
      ],
      skipped: [],
      writes: [expect.any(String)],
    });
    const found = await store.retrieveContexts(["a", "b", "gone", "new"]);
    expect(found.map((context) => context?.content.n)).toEqual([1, 1, undefined, undefined]);
    expect((await store.history("a")).versions[0]).toMatchObject({
      version: 3,
      actor: "admin",
      parents: [2, 1],
    });
    expect((await store.history("new")).versions[0]).toMatchObject({ version: 2, operation: "delete" });
    // It was one atomic batch, which can be undone itself.
    const [write = ""] = done.writes;
    expect((await base.findWrite(write))?.changes).toHaveLength(4);
    await base.undo({ write });
    const again = await store.retrieveContexts(["a", "b", "gone", "new"]);
    expect(again.map((context) => context?.content.n)).toEqual([2, 2, 2, 2]);
  });

  it("[V10] what others changed since is left as it is, and listed; a deletion is taken back", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.as({ id: "ada" }).store(Anything);
    await store.storeContexts([thing("a", 1), thing("b", 1), thing("c", 1)]);
    await store.storeContexts([thing("a", 2), thing("b", 2)], { write: "w" });
    await store.deleteContext("c", { write: "d" });
    await base.as({ id: "bob" }).store(Anything).storeContext(thing("b", 3));
    const { undone, skipped } = await base.undo({ write: "w" });
    expect(undone).toEqual([{ component: "Anything", id: "a", from: 2, to: 1 }]);
    expect(skipped).toEqual([
      {
        component: "Anything",
        id: "b",
        reason: "changed_since",
        message: '"bob" changed it since, as version 3.',
      },
    ]);
    expect(await store.getContext("b")).toMatchObject({ version: 3, content: { n: 3 } });
    await base.undo({ write: "d" });
    expect(await store.getContext("c")).toMatchObject({ version: 3, content: { n: 1 } });
    await expect(base.undo({ write: "never" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("[V10] all that one actor did since a time is taken back, in every component", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything, Indexed], { clock });
    const [ada, bob] = [base.as({ id: "ada" }), base.as({ id: "bob" })];
    await bob.store(Anything).storeContexts([thing("a", 1), thing("b", 1), thing("c", 1)]);
    await ada.store(Anything).storeContext(thing("a", 2));
    clock.advance(1_000);
    const since = new Date(clock());
    for (const n of [3, 4]) await ada.store(Anything).storeContext(thing("a", n));
    await ada.store(Anything).storeContext(thing("b", 2));
    await ada.store(Anything).deleteContext("c");
    await ada.store(Indexed).storeContext(thing("x", 1));
    await bob.store(Anything).storeContext(thing("b", 3));
    await ada.store(Anything).storeContext(thing("b", 4));
    clock.advance(1_000);
    const until = new Date(clock()).toISOString();
    await ada.store(Anything).storeContext(thing("late", 1));
    const target = { actor: "ada", since, until };
    const planned = await base.undo(target, { dryRun: true });
    expect(planned.undone).toEqual([
      { component: "Anything", id: "a", from: 4, to: 2 },
      { component: "Anything", id: "c", from: 2, to: 1 },
      { component: "Indexed", id: "x", from: 1, to: 0 },
    ]);
    expect(planned.skipped).toMatchObject([{ id: "b", reason: "changed_since" }]);
    expect(planned.writes).toEqual([]);
    expect(await bob.store(Anything).getContext("a")).toMatchObject({ version: 4 });
    expect(await base.undo(target)).toMatchObject({ undone: planned.undone, skipped: planned.skipped });
    expect(await bob.store(Anything).getContext("a")).toMatchObject({ version: 5, content: { n: 2 } });
    expect(await bob.store(Anything).getContext("c")).toMatchObject({ version: 3, content: { n: 1 } });
    expect(await bob.store(Indexed).retrieveContext("x")).toBeUndefined();
    expect(await bob.store(Anything).getContext("late")).toMatchObject({ version: 1 });
    expect(await base.undo({ actor: "nobody", since })).toEqual({ undone: [], skipped: [], writes: [] });
  });

  it("[V10] the clock may have stepped back: what was done at a time counts, wherever it stands in the log", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const ada = base.as({ id: "ada" }).store(Anything);
    const start = clock();
    await ada.storeContext(thing("before", 1));
    clock.set(start + 60_000);
    await ada.storeContext(thing("late", 1));
    clock.set(start + 10_000);
    await ada.storeContext(thing("early", 1));
    clock.set(start + 70_000);
    await ada.storeContext(thing("last", 1));
    const { undone } = await base.undo({ actor: "ada", since: new Date(start + 30_000) }, { dryRun: true });
    expect(undone.map(({ id }) => id)).toEqual(["late", "last"]);
  });

  it("[V10, Q9] vectors come back as they were", async () => {
    const { Note, texts } = watched();
    const base = await openNew(engine, [Note]);
    const store = base.store(Note);
    await store.storeContexts([note("a", "one"), note("b", "two")]);
    await store.storeContexts([note("a", "three"), note("b", "four")], { write: "w" });
    const embedded = texts().length;
    expect((await base.undo({ write: "w" })).undone).toHaveLength(2);
    expect((await store.getContext("a")).embeddings).toEqual(await vectorOf("one"));
    expect(texts()).toHaveLength(embedded);
  });

  it("[V10] what is asked for must be one thing", async () => {
    const base = await openNew(engine, [Anything]);
    const wrong: unknown[] = [
      {},
      { write: "w", actor: "ada", since: new Date() },
      { actor: "ada" },
      { actor: "ada", since: "yesterday" },
      { actor: "", since: new Date() },
      { write: "" },
      { since: new Date() },
      { writes: "w" },
      undefined,
    ];
    for (const target of wrong)
      await expect(base.undo(target as { write: string })).rejects.toMatchObject({
        code: "invalid_argument",
      });
  });
};
