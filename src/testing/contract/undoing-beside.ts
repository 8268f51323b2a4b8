import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const thing = (id: string, n: number) => ({ id, type: "t", content: { n } });

/** Taking back what was done, beside other writes, other tenants, and itself. */
export const undoingBeside = (engine: EngineUnderTest): void => {
  it("[V10, C2] an undo sent again is done once; what is undone already is told as unchanged", async () => {
    const clock = manualClock();
    const base = (await openNew(engine, [Anything], { clock })).as({ id: "ada" });
    const store = base.store(Anything);
    await store.storeContext(thing("a", 1));
    clock.advance(1_000);
    const since = new Date(clock());
    await store.storeContexts([thing("a", 2), thing("new", 1)]);
    const first = await base.undo({ actor: "ada", since }, { write: "u" });
    expect(first.writes).toEqual(["u"]);
    expect(await base.undo({ actor: "ada", since }, { write: "u" })).toEqual(first);
    expect((await store.history("a")).versions).toHaveLength(3);
    // The same under another id: the actor's own undo is among what it did, and the target is the same.
    const other = await base.undo({ actor: "ada", since });
    expect(other).toMatchObject({ undone: [], skipped: [{ reason: "unchanged" }, { reason: "unchanged" }] });
    await store.storeContext(thing("b", 1), { write: "w" });
    await expect(base.undo({ write: "w" }, { write: "w" })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(base.undo({ write: "w" }, { write: "u" })).rejects.toMatchObject({ code: "write_reused" });
    expect(await store.getContext("b")).toMatchObject({ version: 1 });
  });

  it("[V10] writes that come while it works win, and are listed", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const ids = Array.from({ length: 60 }, (_, n) => `n${n}`);
    await store.storeContexts(ids.map((id) => thing(id, 1)));
    await store.storeContexts(
      ids.map((id) => thing(id, 2)),
      { write: "w" },
    );
    const [{ undone, skipped }] = await Promise.all([
      base.undo({ write: "w" }),
      ...ids.filter((_, n) => n % 3 === 0).map((id) => store.storeContext(thing(id, 3))),
    ]);
    expect([...undone, ...skipped].map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { id } of undone)
      expect(await store.getContext(id, { version: 3 })).toMatchObject({ content: { n: 1 } });
    for (const { id, reason } of skipped) {
      expect(reason).toBe("changed_since");
      expect((await store.history(id)).versions).toHaveLength(3);
      expect(await store.getContext(id)).toMatchObject({ content: { n: 3 } });
    }
  });

  it("[V10, S5] of one tenant alone", async () => {
    const base = await openNew(engine, [Anything]);
    const [one, other] = ["one", "other"].map((tenant) => base.as({ id: "ada", tenant }));
    if (!one || !other) throw new Error("There are two.");
    for (const view of [one, other]) await view.store(Anything).storeContext(thing("a", 1), { write: "w" });
    expect((await one.undo({ write: "w" })).undone).toHaveLength(1);
    expect((await one.undo({ actor: "ada", since: new Date(0) })).undone).toEqual([]);
    expect(await other.store(Anything).getContext("a")).toMatchObject({ version: 1 });
  });
};
