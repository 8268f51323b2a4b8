import { expect } from "vitest";
import type { Contextbase } from "../../index.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";
import { body, day, Newest, prune, Thinned, versionsOf } from "./retained.ts";

/** Sweeps of one store by several at once, and stores that are made anew from the log of one that was swept. */
export const retentionOfStores = (engine: EngineUnderTest): void => {
  itWith(engine, "severalStores")(
    "[V11, S6] several stores sweep at once while others write, and what is kept stays whole",
    async () => {
      const { open } = await createNew(engine);
      const stores = [await open({ components: [Newest] }), await open({ components: [Newest] })];
      const [writer] = stores;
      const write = async (id: string): Promise<void> => {
        for (let version = 1; version <= 70; version++) {
          await writer?.store(Newest).storeContext({ id, ...body(version) });
        }
      };
      let writing = true;
      const written = Promise.all(["a", "b", "c"].map(write)).finally(() => {
        writing = false;
      });
      const sweep = async (base: Contextbase): Promise<number> => {
        let removed = 0;
        while (writing) removed += (await prune(base)).removed;
        return removed;
      };
      const [removed] = await Promise.all([Promise.all(stores.map(sweep)), written]);
      for (const base of stores) {
        await prune(base);
        for (const id of ["a", "b", "c"]) {
          expect(await versionsOf(base, Newest, id)).toEqual([68, 69, 70]);
          for (const version of [68, 69, 70]) {
            const read = await base.store(Newest).retrieveContext(id, { version });
            expect(read?.content).toEqual(body(version).content);
          }
        }
      }
      expect(removed.some((count) => count > 0)).toBe(true);
    },
  );

  itWith(engine, "port")(
    "[P1, V11] a store of which versions were removed can be made anew from its log, and is the same",
    async () => {
      const clock = manualClock();
      const source = await createNew(engine);
      const base = await source.open({ components: [Newest, Thinned], clock });
      for (const component of [Newest, Thinned]) {
        for (let version = 1; version <= 20; version++) {
          await base.store(component).storeContext({ id: "a", ...body(version) });
          if (version === 18)
            await base
              .store(component)
              .deleteContext("b")
              .catch(() => false);
          if (version < 3) await base.store(component).storeContext({ id: "b", ...body(version) });
          clock.advance(day / 4);
        }
      }
      clock.advance(3 * day);
      await prune(base);
      const from = await source.openEngine();
      const target = await createNew(engine);
      const to = await target.openEngine();
      const all = await from.entries("default", 0, 1_000);
      expect(all.filter(({ removed }) => removed).length).toBeGreaterThan(20);
      // In parts of every size, so that a part begins and ends beside what was removed.
      for (let at = 0, size = 1; at < all.length; at += size, size++) {
        await to.restore("default", all.slice(at, at + size));
      }
      expect(await to.entries("default", 0, 1_000)).toEqual(all);
      const copy = await target.open({ components: [Newest, Thinned], clock });
      for (const component of [Newest, Thinned]) {
        expect(await copy.store(component).history("a")).toEqual(await base.store(component).history("a"));
        for (let version = 1; version <= 20; version++) {
          const read = (one: Contextbase) =>
            one
              .store(component)
              .retrieveContext("a", { version })
              .catch(({ code }) => code);
          expect(await read(copy)).toEqual(await read(base));
        }
      }
      expect((await copy.check()).filter(({ status }) => status === "fail")).toEqual([]);
    },
  );
};
