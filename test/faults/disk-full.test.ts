import { join } from "node:path";
import { type Contextbase, type ContextStore, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished, type TestContext } from "vitest";
import { Anything } from "../contract/components.ts";
import { key } from "../contract/engines.ts";
import { errorOf } from "./files.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

const open = (path: string): Promise<Contextbase> =>
  openContextbase({ url: `file:${path}`, key, components: [Anything] });

/** A store on a disk of its own. */
const openOnSmallDisk = async (megabytes: number, skip: TestContext["skip"]) => {
  const disk: SmallDisk | string = mountSmallDisk(megabytes);
  if (typeof disk === "string") return skip(disk);
  const path = join(disk.folder, "store.db");
  const base = await open(path);
  onTestFinished(() => base.close());
  return { disk, path, base, store: base.store(Anything) };
};

const put = (store: ContextStore<typeof Anything>, id: string, n: number, bytes: number) =>
  store.storeContext(
    { id, type: "t", content: { n, fill: `${n} `.repeat(bytes / 4) } },
    { write: `put ${id} ${n}` },
  );

describe("a full disk", () => {
  it("[K3, S1] refuses writes by name, loses nothing acknowledged, and takes writes again once there is room", async ({
    skip,
  }) => {
    const { disk, path, base, store } = await openOnSmallDisk(8, skip);
    disk.fill(3_000_000);
    const acknowledged = new Map<string, number>();
    const refused: string[] = [];
    const codes = new Set<unknown>();
    // New ids and new versions of old ones, until it has been full for a while.
    for (let n = 0; refused.length < 20; n++) {
      const id = `c${n % 40}`;
      const error = await errorOf(async () => {
        await put(store, id, n, n % 3 === 0 ? 120_000 : 4_000);
        acknowledged.set(id, n);
      });
      if (!(error instanceof Error)) continue;
      codes.add((error as { code?: unknown }).code);
      refused.push(`put ${id} ${n}`);
      expect((await store.retrieveContext(id))?.content.n).toBe(acknowledged.get(id));
    }
    expect([...codes]).toEqual(["storage_full"]);
    expect(acknowledged.size).toBeGreaterThan(10);
    const check = async (from: Contextbase) => {
      for (const [id, n] of acknowledged) {
        expect((await from.store(Anything).retrieveContext(id))?.content.n).toBe(n);
      }
      for (const write of refused) expect(await from.findWrite(write)).toBeUndefined();
    };
    for (const [id, n] of acknowledged) expect((await store.retrieveContext(id))?.content.n).toBe(n);
    expect((await store.listContexts({ limit: 1_000 })).contexts).toHaveLength(acknowledged.size);

    disk.free();
    await put(store, "after", 1, 4_000);
    acknowledged.set("after", 1);
    await check(base);
    await base.close();
    const again = await open(path);
    onTestFinished(() => again.close());
    await check(again);
  });

  it("[K3, S1] refuses a large batch whole, in the middle of it, and takes a smaller one", async ({
    skip,
  }) => {
    const { disk, path, base, store } = await openOnSmallDisk(16, skip);
    const batch = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        id: `${prefix}${n}`,
        type: "t",
        content: { n, fill: `${prefix}${n}`.repeat(2_000) },
      }));
    await store.storeContexts(batch("small", 200));
    disk.fill(2_000_000);
    for (let again = 0; again < 3; again++) {
      const error = await errorOf(() => store.storeContexts(batch("large", 3_000), { write: "large" }));
      expect(error).toMatchObject({ code: "storage_full" });
      expect((await store.listContexts({ limit: 1_000 })).contexts).toHaveLength(200);
      expect(await store.retrieveContext("large0")).toBeUndefined();
    }
    disk.free();
    await store.storeContexts(batch("other", 200));
    expect(await base.findWrite("large")).toBeUndefined();
    await base.close();
    const again = await open(path);
    onTestFinished(() => again.close());
    expect((await again.store(Anything).listContexts({ limit: 1_000 })).contexts).toHaveLength(400);
    expect(await again.findWrite("large")).toBeUndefined();
  });

  it("[K3] refuses the first large batch of a process by name, too", async ({ skip }) => {
    const { disk, store } = await openOnSmallDisk(8, skip);
    await put(store, "c", 1, 100);
    disk.fill();
    const contexts = Array.from({ length: 500 }, (_, n) => ({ id: `c${n}`, type: "t", content: { n } }));
    expect(await errorOf(() => store.storeContexts(contexts))).toMatchObject({ code: "storage_full" });
    disk.free();
    expect(await store.storeContexts(contexts)).toHaveLength(500);
  });

  it("[K3] refuses to make a store, or to open one that was closed, by name", async ({ skip }) => {
    const { disk, path, base, store } = await openOnSmallDisk(8, skip);
    await put(store, "c", 1, 100);
    await base.close();
    disk.fill();
    for (const name of [path, join(disk.folder, "new.db")]) {
      expect(await errorOf(() => open(name))).toMatchObject({ code: "storage_full" });
    }
    disk.free();
    for (const name of [path, join(disk.folder, "new.db")]) {
      await using opened = await open(name);
      await put(opened.store(Anything), "c", 2, 100);
    }
  });

  it("[K3] closes with nothing lost", async ({ skip }) => {
    const { disk, path, base, store } = await openOnSmallDisk(8, skip);
    for (let n = 0; n < 50; n++) await put(store, `c${n}`, n, 20_000);
    disk.fill();
    await errorOf(() => put(store, "c0", 100, 400_000));
    await base.close();
    disk.free();
    await using again = await open(path);
    for (let n = 0; n < 50; n++) {
      expect((await again.store(Anything).retrieveContext(`c${n}`))?.content.n).toBe(n);
    }
  });
});
