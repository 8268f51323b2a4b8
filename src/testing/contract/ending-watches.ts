import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Change, limits } from "../../index.ts";
import { Anything, Customer } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

const begin = (watching: AsyncIterable<Change>): AsyncIterator<Change> => watching[Symbol.asyncIterator]();

const a = { id: "a", type: "t", content: {} };

/** How watches end, and what they refuse. */
export const endingWatches = (engine: EngineUnderTest): void => {
  it("[C3] a position that the log has not come to is expired", async () => {
    const base = await openNew(engine, [Anything]);
    await base.store(Anything).storeContext(a);
    for (const after of [2, 1_000, Number.MAX_SAFE_INTEGER]) {
      const error = await begin(base.store(Anything).watch({ after }))
        .next()
        .catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(Anything.Error);
      expect(error).toMatchObject({
        code: "position_expired",
        status: 410,
        details: { position: after, last: 1 },
      });
    }
    expect(base.store(Anything).monitor.snapshot().errors).toEqual({ position_expired: 3 });
    const empty = base.as({ id: "x", tenant: "another" });
    await expect(begin(empty.watch({ after: 1 })).next()).rejects.toMatchObject({ code: "position_expired" });
  });

  it("[C1, C4] a watch that does not follow ends once it has told what there is", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    const ids = async (watching: AsyncIterable<Change>): Promise<string[]> => {
      const told: string[] = [];
      for await (const { id } of watching) told.push(id);
      return told;
    };
    expect(await ids(base.watch({ follow: false }))).toEqual([]);
    expect(await base.lastPosition()).toBe(0);
    const many = Array.from({ length: limits.watchedChanges }, (_, n) => ({ ...a, id: `${n}` }));
    await base.store(Anything).storeContexts(many);
    await base.store(Anything).storeContext({ ...a, type: "u" });
    expect(await ids(base.watch({ follow: false }))).toEqual([...many.map(({ id }) => id), "a"]);
    expect(await ids(base.watch({ after: limits.watchedChanges, follow: false }))).toEqual(["a"]);
    expect(await ids(base.store(Anything).watch({ type: "u", follow: false }))).toEqual(["a"]);
    expect(await ids(base.store(Customer).watch({ follow: false }))).toEqual([]);
    expect(await base.lastPosition()).toBe(limits.watchedChanges + 1);
    expect(await base.as({ id: "x", tenant: "another" }).lastPosition()).toBe(0);
  });

  it("[C4] wrong options are refused by name, at the call", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    for (const watch of [base.watch, base.store(Customer).watch] as ((options: unknown) => unknown)[]) {
      expect(() => watch({ aftr: 1 })).toThrow(/no option "aftr"/);
      for (const after of [-1, 0.5, "1", Number.NaN, null, 2 ** 53]) {
        expect(() => watch({ after })).toThrow(/after is/);
      }
      for (const type of ["", 1, null, "a\0"]) expect(() => watch({ type })).toThrow();
      expect(() => watch({ signal: {} })).toThrow(/signal is/);
      for (const follow of ["false", 0, null]) expect(() => watch({ follow })).toThrow(/follow is/);
      expect(() => watch(null)).toThrow();
    }
    expect(() => base.store(Customer).watch({ type: "nte" })).toThrow(/profile, note/);
  });

  it("[C4] a signal ends a watch by its reason: before it begins, while it waits, between two changes", async () => {
    const base = await openNew(engine, [Anything]);
    const reason = new Error("enough");
    expect(() => base.watch({ signal: AbortSignal.abort(reason) })).toThrow(reason);
    await base.store(Anything).storeContexts([a, { ...a, id: "b" }]);
    for (const taken of [0, 1, 2]) {
      const controller = new AbortController();
      const iterator = begin(base.watch({ after: 0, signal: controller.signal }));
      for (let n = 0; n < taken; n++) await iterator.next();
      const waiting = taken === 2 ? iterator.next() : undefined;
      if (waiting) await sleep(20);
      controller.abort(reason);
      await expect(waiting ?? iterator.next()).rejects.toBe(reason);
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
    }
  });

  it("[C4] a watch that is left ends at once, also while a change is awaited", async () => {
    const base = await openNew(engine, [Anything]);
    await base.store(Anything).storeContext(a);
    for await (const { position } of base.watch({ after: 0 })) {
      expect(position).toBe(1);
      break;
    }
    const iterator = begin(base.watch());
    const waiting = iterator.next();
    await sleep(20);
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    const unused = begin(base.watch());
    await unused.return?.();
    expect(await unused.next()).toEqual({ done: true, value: undefined });
  });

  it("[C4] closing the store ends its watches by name, and refuses further ones", async () => {
    const base = await openNew(engine, [Anything]);
    await base.store(Anything).storeContext(a);
    const iterators = [
      begin(base.watch()),
      begin(base.store(Anything).watch()),
      begin(base.watch({ after: 0 })),
    ];
    await iterators[2]?.next();
    const waiting = iterators.map((iterator) => iterator.next().catch((cause: unknown) => cause));
    await sleep(20);
    await base.close();
    for (const ended of waiting) expect(await ended).toMatchObject({ code: "closed" });
    for (const options of [{}, { after: 0 }]) {
      await expect(begin(base.watch(options)).next()).rejects.toMatchObject({ code: "closed" });
    }
  });
};
