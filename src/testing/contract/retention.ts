import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";
import { body, day, Newest, note, otherTenant, prune, Recent, Thinned, versionsOf } from "./retained.ts";

/** Versions of a context that are no longer kept, by a component's retention. */
export const retention = (engine: EngineUnderTest): void => {
  it("[V11, V6] what retention removed is gone, and told by name; the current version and what is kept stay", async () => {
    const base = await openNew(engine, [Newest]);
    const store = base.store(Newest);
    for (let version = 1; version <= 40; version++) await store.storeContext({ id: "a", ...body(version) });
    await store.storeContext({ id: "b", ...body(1) });
    expect(await prune(base, { dryRun: true })).toMatchObject({ removed: 37, expired: 0 });
    expect(await versionsOf(base, Newest, "a")).toHaveLength(40);
    expect(await prune(base)).toEqual({ examined: 1, removed: 37, expired: 0 });
    expect(await prune(base)).toMatchObject({ removed: 0 });
    expect(store.monitor.snapshot()).toMatchObject({ removedVersions: 37, expiredContexts: 0 });
    expect(await versionsOf(base, Newest, "a")).toEqual([38, 39, 40]);
    for (const version of [38, 39, 40]) {
      expect((await store.retrieveContext("a", { version }))?.content).toEqual(body(version).content);
    }
    for (const version of [1, 33, 37]) {
      await expect(store.retrieveContext("a", { version })).rejects.toMatchObject({
        code: "version_removed",
        status: 410,
      });
    }
    expect(await store.retrieveContext("a", { version: 41 })).toBeUndefined();
    expect(await store.retrieveContext("c", { version: 1 })).toBeUndefined();
    expect(await store.retrieveContext("b", { version: 1 })).toMatchObject({ version: 1 });
    await store.storeContext({ id: "a", ...body(41) });
    expect(await store.getContext("a")).toMatchObject({ version: 41 });
  });

  it("[V7, V11] reads as of a time give what stood then, or say that it was removed", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Newest], { clock });
    const store = base.store(Newest);
    const start = clock();
    for (let version = 1; version <= 6; version++) {
      await store.storeContext({ id: "a", ...note(version) });
      clock.advance(1_000);
    }
    await prune(base);
    const at = (milliseconds: number) => store.retrieveContext("a", { asOf: new Date(start + milliseconds) });
    expect(await at(-1)).toBeUndefined();
    for (const removed of [0, 999, 2_999]) {
      await expect(at(removed)).rejects.toMatchObject({ code: "version_removed" });
    }
    expect((await at(3_000))?.content.text).toBe(4);
    expect((await at(5_999))?.content.text).toBe(6);
    await expect(store.listContexts({ asOf: new Date(start) })).rejects.toMatchObject({
      code: "version_removed",
    });
    expect((await store.listContexts({ asOf: new Date(start + 4_000) })).contexts).toHaveLength(1);
  });

  it("[V7, V11] thinned out, a time between two kept versions is never answered by the older one", async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1));
    const base = await openNew(engine, [Thinned], { clock });
    const store = base.store(Thinned);
    const start = clock();
    for (let version = 1; version <= 120; version++) {
      const embeddings = [version, 1];
      await store.storeContext({ id: "a", ...body(version), embeddings, metadata: { version } });
      if (version % 40 === 0) {
        await store.deleteContext("a");
        version++;
      }
      clock.advance(8 * 60 * 60 * 1_000);
    }
    const before = await versionsOf(base, Thinned, "a");
    const timeOf = new Map(
      (await store.history("a", { limit: 1_000 })).versions.map(({ version, at }) => [version, at.getTime()]),
    );
    const { removed } = await prune(base);
    const kept = await versionsOf(base, Thinned, "a");
    expect(kept.length + removed).toBe(before.length);
    expect(removed).toBeGreaterThan(60);
    expect(kept.at(-1)).toBe(before.at(-1));
    for (const version of before) {
      const read = store.retrieveContext("a", { version });
      const asOf = store.retrieveContext("a", { asOf: new Date(timeOf.get(version) ?? 0) });
      if (!kept.includes(version)) {
        await expect(read).rejects.toMatchObject({ code: "version_removed" });
        await expect(asOf).rejects.toMatchObject({ code: "version_removed" });
      } else if (![41, 81, 121].includes(version)) {
        expect(await read).toMatchObject({ content: body(version).content, metadata: { version } });
        expect(await asOf).toEqual(await read);
        expect((await read)?.embeddings).toEqual(new Float32Array([version, 1]));
      }
    }
    expect(await store.retrieveContext("a", { asOf: new Date(start - 1) })).toBeUndefined();
    clock.advance(400 * day);
    await prune(base);
    expect(await versionsOf(base, Thinned, "a")).toEqual([before.at(-1)]);
  });

  it("[V11] a version stays for the time that is declared after it was superseded, in each tenant", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Recent, Anything], { clock });
    const other = base.as({ id: "x", tenant: otherTenant });
    for (const view of [base, other]) {
      for (const component of [Recent, Anything]) {
        for (const text of [1, 2, 3]) await view.store(component).storeContext({ id: "%_\\", ...note(text) });
      }
    }
    clock.advance(10 * day - 1_000);
    expect(await prune(base)).toMatchObject({ removed: 0 });
    await other.store(Recent).deleteContext("%_\\");
    clock.advance(1_010);
    expect(await prune(base, { tenants: ["default"] })).toMatchObject({ removed: 2 });
    expect(await prune(base)).toMatchObject({ removed: 2 });
    expect(await versionsOf(base, Recent, "%_\\")).toEqual([3]);
    expect(await versionsOf(base, Anything, "%_\\")).toEqual([1, 2, 3]);
    expect((await other.store(Recent).history("%_\\")).versions).toHaveLength(2);
    clock.advance(10 * day);
    expect(await prune(base)).toMatchObject({ removed: 1 });
    expect((await other.store(Recent).history("%_\\")).versions).toMatchObject([{ operation: "delete" }]);
    await expect(prune(base, { components: [Newest] })).rejects.toMatchObject({ code: "unknown_component" });
  });
};
