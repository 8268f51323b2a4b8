import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";

const Thing = defineComponent({ name: "Thing" });

describe("the monitor", () => {
  it("[M1] gives count, mean, percentiles and maximum in milliseconds", () => {
    const monitor = new Thing.Monitor();
    for (let milliseconds = 1; milliseconds <= 1_000; milliseconds++) monitor.logStorageTime(milliseconds);
    monitor.logRetrievalTime(0.004);
    const { storage, retrieval } = monitor.snapshot();
    expect(storage.count).toBe(1_000);
    const near = (value: number, expected: number) =>
      expect(Math.abs(value - expected) / expected).toBeLessThan(0.011);
    near(storage.mean, 500.5);
    near(storage.p50, 500);
    near(storage.p95, 950);
    near(storage.p99, 990);
    near(storage.max, 1_000);
    near(retrieval.p50, 0.004);
  });

  it("[M1] is all zeros before anything happened, and takes any time there is", () => {
    const monitor = new Thing.Monitor();
    const nothing = { count: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
    expect(monitor.snapshot()).toEqual({
      storage: nothing,
      retrieval: nothing,
      errors: {},
      conflicts: 0,
      cacheHits: 0,
      removedVersions: 0,
      expiredContexts: 0,
    });
    for (const time of [0, 1e-9, 1e300, Number.POSITIVE_INFINITY]) monitor.logStorageTime(time);
    expect(monitor.snapshot().storage).toMatchObject({ count: 4, p50: 0.000001 });
    for (const none of [-1, Number.NaN])
      expect(() => monitor.logRetrievalTime(none)).toThrow(/Give milliseconds/);
  });

  it("[M1] counts what a store does: times, errors by code, conflicts, cache hits; a view counts its own", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Thing] });
    const store = base.store(Thing);
    const view = base.as({ id: "ann" }).store(Thing);
    await store.storeContext({ id: "a", type: "t", content: {} });
    await store.storeContexts([{ type: "t", content: {} }]);
    await view.storeContext({ id: "b", type: "t", content: {} });
    await store.retrieveContext("a");
    await store.retrieveContext("a");
    await view.retrieveContext("a");
    await expect(store.getContext("absent")).rejects.toThrow();
    await expect(store.storeContext({ id: "a", type: "t", content: {}, version: 9 })).rejects.toThrow();
    await expect(view.storeContext({ id: "", type: "t", content: {} })).rejects.toThrow();
    const snapshot = store.monitor.snapshot();
    expect([snapshot.storage.count, snapshot.retrieval.count]).toEqual([3, 3]);
    expect(snapshot).toMatchObject({
      errors: { context_not_found: 1, version_conflict: 1, invalid_context: 1 },
      conflicts: 1,
      cacheHits: 2,
      removedVersions: 0,
      expiredContexts: 0,
    });
    const own = view.monitor.snapshot();
    expect([own.storage.count, own.retrieval.count, own.cacheHits, own.conflicts]).toEqual([1, 1, 1, 0]);
    expect(own.errors).toEqual({ invalid_context: 1 });
  });
});
