import { setTimeout as sleep } from "node:timers/promises";
import { type Change, ContextbaseError, type Engine } from "contextbase";
import { describe, expect, it } from "vitest";
import { a, begin, openOn, unreachable } from "./fixture.ts";

describe("the end of a watch", () => {
  it("[C4] is not ended by a fault that passes, and is told then what came meanwhile", async () => {
    let faults = 0;
    const { base, store } = await openOn((engine) => ({
      changes: async (...query) => {
        if (faults-- > 0) throw unreachable();
        return engine.changes(...query);
      },
    }));
    const iterator = begin(base.watch());
    await store.storeContext(a);
    expect((await iterator.next()).value).toMatchObject({ position: 1 });
    faults = 2;
    const waiting = iterator.next();
    await store.storeContext(a);
    expect((await waiting).value).toMatchObject({ position: 2 });
    expect(faults).toBeLessThan(0);
  });

  it.for([
    ["a fault lasts", "changes", () => Promise.reject(unreachable())],
    ["a read is under way", "changes", (late) => late],
    ["it is not told yet where it begins", "lastPosition", (late) => late],
  ] satisfies [string, keyof Engine, (late: Promise<never>) => Promise<never>][])(
    "[C4] ends at once by its signal, by being left and by closing, while %s",
    async ([, call, answer]) => {
      const late = Promise.withResolvers<never>();
      late.promise.catch(() => undefined);
      let watches = 0;
      const { base } = await openOn((engine) => ({
        [call]: async () => answer(late.promise),
        onChange: (...order) => {
          const end = engine.onChange(...order);
          watches++;
          return () => {
            watches--;
            end();
          };
        },
      }));
      const controller = new AbortController();
      const [left, aborted, closed] = [
        begin(base.watch()),
        begin(base.watch({ signal: controller.signal })),
        begin(base.watch()),
      ];
      const waiting = [left, aborted, closed].map((one) => one.next().catch((cause: unknown) => cause));
      await sleep(50);
      await left.return?.();
      expect(await waiting[0]).toEqual({ done: true, value: undefined });
      controller.abort();
      expect(await waiting[1]).toBe(controller.signal.reason);
      expect(watches).toBe(1);
      await base.close();
      expect(await waiting[2]).toMatchObject({ code: "closed" });
      expect(watches).toBe(0);
      // What comes too late disturbs nobody.
      late.reject(unreachable());
      await sleep(20);
    },
  );

  it("[C4] is counted once where an error ends it, also where its iterator is iterated", async () => {
    const { store } = await openOn(() => ({}));
    const isIterable = (value: object): value is AsyncIterable<Change> => Symbol.asyncIterator in value;
    const iterator = begin(store.watch({ after: 1 }));
    if (!isIterable(iterator)) throw new Error("The iterator of a watch cannot be iterated.");
    await expect(begin(iterator).next()).rejects.toMatchObject({ code: "position_expired" });
    expect(store.monitor.snapshot().errors).toEqual({ position_expired: 1 });
  });

  it("[C4] is ended by a fault that does not pass, by its name", async () => {
    const fault = new ContextbaseError("storage_corrupt", "A page is damaged.");
    const { base } = await openOn(() => ({ changes: () => Promise.reject(fault) }));
    await expect(begin(base.watch({ after: 0 })).next()).rejects.toBe(fault);
  });
});
