import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

/** Nothing of one tenant is seen by another. */
export const tenants = (engine: EngineUnderTest): void => {
  it("[S5] another tenant's context is like an absent one: reads, lists, histories, versions, write ids, deletes", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const ours = base.as({ id: "ann", tenant: "ours" });
    const theirs = base.as({ id: "bob", tenant: "theirs" });
    const stored = await ours
      .store(Anything)
      .storeContext({ id: "a", type: "t", content: { secret: 1 } }, { write: "w" });
    await ours.store(Anything).storeContext(stored.version === 1 ? { ...stored, version: 2 } : stored);
    const foreign = theirs.store(Anything);
    clock.advance(1_000);
    for (const id of ["a", "absent"]) {
      expect(await foreign.retrieveContext(id)).toBeUndefined();
      expect(await foreign.retrieveContext(id, { version: 1 })).toBeUndefined();
      expect(await foreign.retrieveContext(id, { asOf: new Date(clock() - 1) })).toBeUndefined();
      expect(await foreign.retrieveContexts([id])).toEqual([undefined]);
      expect(await foreign.history(id)).toEqual({ versions: [] });
      expect(await foreign.deleteContext(id)).toBe(false);
      await expect(foreign.getContext(id)).rejects.toMatchObject({ code: "context_not_found" });
      await expect(foreign.updateContext(id, () => {})).rejects.toMatchObject({ code: "context_not_found" });
      await expect(foreign.storeContext({ id, type: "t", content: {}, version: 3 })).rejects.toMatchObject({
        current: 0,
      });
    }
    expect(await foreign.listContexts()).toEqual({ contexts: [] });
    expect(await theirs.findWrite("w")).toBeUndefined();
    expect(await foreign.storeContext({ id: "a", type: "t", content: {} }, { write: "w" })).toMatchObject({
      version: 1,
    });
    expect(await ours.store(Anything).getContext("a")).toMatchObject({ version: 2, content: { secret: 1 } });
    expect(foreign.monitor.snapshot().storage.count).toBe(3);
    expect((await ours.store(Anything).history("a")).versions.map(({ actor }) => actor)).toEqual([
      "ann",
      "ann",
    ]);
    expect(await base.store(Anything).retrieveContext("a")).toBeUndefined();
  });
};
