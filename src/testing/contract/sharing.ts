import { expect } from "vitest";
import { Anything } from "../components.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

/** Data that is opened again, and data that several stores have open. */
export const sharing = (engine: EngineUnderTest): void => {
  itWith(engine, "reopens")("[S1] a store that is opened again holds what was written", async () => {
    const data = await createNew(engine);
    const clock = manualClock();
    const first = await data.open({ components: [Anything], clock });
    const stored = await first.store(Anything).storeContext({ id: "a", type: "t", content: { n: 1 } });
    await first.store(Anything).storeContext({ id: "b", type: "t", content: {} }, { write: "w" });
    await first.store(Anything).deleteContext("b");
    await first.close();
    const second = await data.open({ components: [Anything], clock });
    const store = second.store(Anything);
    expect(await store.retrieveContexts(["a", "b"])).toEqual([stored, undefined]);
    expect((await store.history("b")).versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(await second.findWrite("w")).toMatchObject({ changes: [{ id: "b", version: 1 }] });
    expect(await store.storeContext({ id: "b", type: "t", content: {} })).toMatchObject({ version: 3 });
  });

  itWith(engine, "severalStores")("[S4] each store sees at its next read what another wrote", async () => {
    const data = await createNew(engine);
    const [one, other] = [
      await data.open({ components: [Anything] }),
      await data.open({ components: [Anything] }),
    ];
    for (let n = 1; n <= 20; n++) {
      const [writes, reads] = n % 2 === 0 ? [one, other] : [other, one];
      const stored = await writes.store(Anything).storeContext({ id: "a", type: "t", content: { n } });
      expect(await reads.store(Anything).getContext("a")).toEqual(stored);
      expect(await reads.store(Anything).getContext("a")).toEqual(stored);
    }
    await one.store(Anything).deleteContext("a");
    expect(await other.store(Anything).retrieveContext("a")).toBeUndefined();
  });

  itWith(engine, "severalStores")("[S6] updates by two stores at once lose nothing", async () => {
    const data = await createNew(engine);
    const bases = [await data.open({ components: [Anything] }), await data.open({ components: [Anything] })];
    await bases[0]?.store(Anything).storeContext({ id: "a", type: "t", content: { count: 0 } });
    const updates = bases.flatMap((base) =>
      Array.from({ length: 16 }, () =>
        base
          .store(Anything)
          .updateContext(
            "a",
            ({ content, ...rest }) => ({ ...rest, content: { count: Number(content.count) + 1 } }),
            { attempts: 100 },
          ),
      ),
    );
    await Promise.all(updates);
    for (const base of bases) {
      expect(await base.store(Anything).getContext("a")).toMatchObject({
        content: { count: 32 },
        version: 33,
      });
    }
  });
};
