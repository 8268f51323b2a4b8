import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { Anything } from "../contract/components.ts";
import { temporaryFolder } from "../contract/engines.ts";
import { a, begin, openOn, unreachable } from "./fixture.ts";

describe("watch", () => {
  it("[C3] misses nothing that is written while it is told where it begins", async () => {
    const { base, store } = await openOn((engine) => ({
      lastPosition: async (tenant) => {
        await sleep(50);
        return engine.lastPosition(tenant);
      },
    }));
    const watching = [base.watch(), base.watch()];
    await store.storeContext(a);
    for (const one of watching) expect((await begin(one).next()).value).toMatchObject({ position: 1 });
  });

  it("[C3] refuses to begin where it cannot be told where; writes go on", async () => {
    const { base, store } = await openOn(() => ({ lastPosition: () => Promise.reject(unreachable()) }));
    const watching = begin(base.watch());
    expect(await store.storeContext(a)).toMatchObject({ version: 1 });
    await expect(watching.next()).rejects.toMatchObject({ code: "storage_unreachable" });
    // One that nobody iterates disturbs nobody.
    base.watch();
    await sleep(20);
  });

  it("[C1] shares what is read with watches at the same place, and misses nothing where a read is slow", async () => {
    let reads = 0;
    const { base, store } = await openOn((engine) => ({
      changes: async (...query) => {
        reads++;
        const page = await engine.changes(...query);
        await sleep(20);
        return page;
      },
    }));
    const watches = 40;
    const puts = 30;
    const follow = async (index: number): Promise<number[]> => {
      await sleep(index * 5);
      const positions: number[] = [];
      for await (const { position } of base.watch({ after: 0 })) {
        if (positions.push(position) === puts) break;
      }
      return positions;
    };
    const told = Array.from({ length: watches }, (_, index) => follow(index));
    for (let n = 0; n < puts; n++) {
      await store.storeContext(a);
      await sleep(n);
    }
    const whole = Array.from({ length: puts }, (_, n) => n + 1);
    for (const positions of told) expect(await positions).toEqual(whole);
    expect(reads).toBeLessThan((watches * puts) / 2);
  });

  it("[C3] lets writes of its own tenant alone wait until it is told where it begins", async () => {
    const told = Promise.withResolvers<void>();
    const { base, store } = await openOn((engine) => ({
      commits: "one tenant",
      lastPosition: async (tenant) => {
        if (tenant === "far") await told.promise;
        return engine.lastPosition(tenant);
      },
    }));
    const far = base.as({ id: "x", tenant: "far" });
    const watching = begin(far.watch());
    const written = far.store(Anything).storeContext(a);
    expect(await store.storeContext(a)).toMatchObject({ version: 1 });
    told.resolve();
    expect((await watching.next()).value).toMatchObject({ position: 1 });
    expect(await written).toMatchObject({ version: 1 });
  });

  it("[C3] is expired where the log is set back while it waits, or has lost what comes next", async () => {
    let back = 0;
    let lost = 0;
    const { base, store } = await openOn((engine) => ({
      changes: async (tenant, after, limit) => (await engine.changes(tenant, after, limit)).slice(lost),
      lastPosition: async (tenant) => (await engine.lastPosition(tenant)) - back,
    }));
    await store.storeContexts([a, { ...a, id: "b" }]);
    const iterator = begin(base.watch({ after: 0 }));
    await iterator.next();
    await iterator.next();
    const waiting = iterator.next().catch((cause: unknown) => cause);
    await sleep(50);
    back = 2;
    await base.as({ id: "x" }).store(Anything).deleteContext("absent");
    expect(await waiting).toMatchObject({ code: "position_expired", details: { position: 2, last: 0 } });
    lost = 1;
    await expect(begin(base.watch({ after: 0 })).next()).rejects.toMatchObject({ code: "position_expired" });
  });
});

describe("the embedded engine", () => {
  it("[C1, C4] wakes watchers of commits by itself and by others, and those that ended no more", async () => {
    const file = { path: join(temporaryFolder(), "store.db"), key: undefined };
    const [engine, other] = [sqlite(file), sqlite(file)];
    onTestFinished(async () => {
      await Promise.all([engine.close(), other.close()]);
    });
    const woken = { ours: 0, theirs: 0, ended: 0 };
    engine.onChange("ended", () => woken.ended++)();
    const ends = [
      engine.onChange("ours", () => woken.ours++),
      engine.onChange("theirs", () => woken.theirs++),
    ];
    await sleep(100);
    expect(woken).toEqual({ ours: 0, theirs: 0, ended: 0 });
    const group = { tenant: "ours", actor: "x", repeatable: false };
    const write = {
      operation: "store",
      component: "Anything",
      made: false,
      version: undefined,
      type: "t",
    } as const;
    const made = { parent: undefined, expiresAt: undefined };
    const body = { schemaVersion: 1, content: "{}", metadata: "{}", embeddings: undefined, ...made };
    const commit = (by: Engine, name: string) =>
      by.commit([{ ...group, write: name, writes: [{ ...write, ...body, id: "a" }] }], 1);
    await commit(engine, "one");
    expect(woken).toEqual({ ours: 1, theirs: 0, ended: 0 });
    await commit(other, "two");
    // Which tenant another connection wrote to is not known.
    await expect.poll(() => woken).toEqual({ ours: 2, theirs: 1, ended: 0 });
    for (const end of ends) end();
    await commit(engine, "three");
    await commit(other, "four");
    await sleep(100);
    expect(woken).toEqual({ ours: 2, theirs: 1, ended: 0 });
  });
});
