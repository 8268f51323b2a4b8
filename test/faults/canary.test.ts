import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Contextbase, defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { key, temporaryFolder } from "../contract/engines.ts";
import { startStore } from "./processes.ts";

const Secret = defineComponent({ name: "Secret", embeddings: { dimensions: 8 } });

const canary = "canary-7f3a91c2";
/** Eight float32 numbers that are these bytes in a file. */
const vector = new Float32Array(Uint8Array.from(Buffer.from(`${canary} ${canary}!`)).buffer.slice(0, 32));
const needles = [
  Buffer.from(canary),
  Buffer.from(canary, "utf16le"),
  Buffer.from(canary.toUpperCase()),
  Buffer.from(canary).subarray(0, 12),
];

/** The files of a folder in which the canary sings, and files without a name that this process holds open. */
const findCanary = (folder: string): string[] => {
  const named = readdirSync(folder).filter((file) => {
    const bytes = readFileSync(join(folder, file));
    return needles.some((needle) => bytes.includes(needle));
  });
  return [...named, ...temporaryFiles()];
};

/** Files that SQLite puts what it has no room for in are deleted as soon as they are made. */
const temporaryFiles = (): string[] => {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc/self/fd").flatMap((file) => {
    try {
      const target = readlinkSync(join("/proc/self/fd", file));
      return /etilqs|-mj[0-9A-F]/.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });
};

const contextOf = (n: number) => ({
  id: `${canary}-${n}`,
  type: `${canary} type`,
  content: { [canary]: `${canary} ${n} `.repeat(1 + (n % 200)) },
  embeddings: vector,
  metadata: { secret: canary, n },
});

/** Everything that can hold a text holds the canary, in several versions, and one is deleted. */
const sing = async (base: Contextbase): Promise<void> => {
  const store = base.as({ id: `${canary} actor`, tenant: `${canary} tenant` }).store(Secret);
  for (let n = 0; n < 30; n++) await store.storeContext(contextOf(n), { write: `${canary} write ${n}` });
  for (let n = 0; n < 60; n++) await store.storeContext(contextOf(n % 7), { write: `${canary} again ${n}` });
  await store.deleteContext(`${canary}-1`, { write: `${canary} deleted` });
};

const singLoud = (base: Contextbase): Promise<unknown> =>
  base.store(Secret).storeContexts(Array.from({ length: 10_000 }, (_, n) => contextOf(n)));

describe("[K1] what is stored", () => {
  it("[K1] is in no byte of any file: while open, during a large batch, after close, opened again", async () => {
    const folder = temporaryFolder();
    const url = `file:${join(folder, "store.db")}`;
    const found: string[] = [];
    const look = () => found.push(...findCanary(folder));
    for (let again = 0; again < 2; again++) {
      const base = await openContextbase({ url, key, components: [Secret] });
      await sing(base);
      look();
      const loud = singLoud(base);
      let done = false;
      void loud.finally(() => {
        done = true;
      });
      while (!done) {
        look();
        await sleep(50);
      }
      await loud;
      look();
      await base.store(Secret).searchContexts({ text: `${canary} 7`, embeddings: vector });
      look();
      // The search file is written in the background.
      await sleep(1_000);
      look();
      await base.close();
      look();
    }
    expect(found).toEqual([]);
  });

  it("[K1] is in no byte of what a killed process leaves", async () => {
    const folder = temporaryFolder();
    const process = await startStore(join(folder, "store.db"), Buffer.from(key).toString("base64"));
    for (let n = 0; n < 20; n++) await process.call("store", { id: `${canary}${n}`, content: { canary } });
    const ids = Array.from({ length: 5_000 }, (_, n) => `${canary} ${n}`);
    void process.call("batch", { ids, content: { [canary]: canary }, write: canary });
    await sleep(30);
    await process.kill();
    expect(readdirSync(folder)).toContain("store.db-wal");
    expect(findCanary(folder)).toEqual([]);
  });

  it("is found where there is no key, so that the test above can fail", async () => {
    const folder = temporaryFolder();
    const base = await openContextbase({ url: `file:${join(folder, "store.db")}`, components: [Secret] });
    await sing(base);
    expect(findCanary(folder)).toContain("store.db-wal");
    await base.close();
    expect(findCanary(folder)).toEqual(["store.db"]);
  });
});
