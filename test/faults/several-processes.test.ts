import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3-multiple-ciphers";
import { openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { Anything } from "../contract/components.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { errorOf } from "./files.ts";
import { type StoreProcess, startStore } from "./processes.ts";

const keyText = Buffer.from(key).toString("base64");
const newPath = (): string => join(temporaryFolder(), "store.db");

const start = async (path: string): Promise<StoreProcess> => {
  const started = await startStore(path, keyText);
  onTestFinished(started.kill);
  expect(started.refused).toBeUndefined();
  return started;
};

const resultOf = async (process: StoreProcess, call: string, argument: Record<string, unknown>) => {
  const { result, error } = await process.call(call, argument);
  expect(error).toBeUndefined();
  return result;
};

/** A connection of somebody else, which can hold the file's lock. */
const connectBeside = (path: string): Database.Database => {
  const database = new Database(path);
  onTestFinished(() => {
    database.close();
  });
  database.pragma("cipher = 'aegis'");
  database.key(Buffer.from(`raw:${Buffer.from(key).toString("hex")}`));
  return database;
};

describe("several processes on one file", () => {
  it("[S6] lose no update of one counter, and their histories agree", async () => {
    const path = newPath();
    const processes = [await start(path), await start(path), await start(path)];
    await resultOf(processes[0] as StoreProcess, "store", { id: "counter", content: { n: 0 } });
    const each = 150;
    const seen = await Promise.all(
      processes.map(async (process) => {
        const counts = [];
        for (let n = 0; n < each; n++) counts.push(await resultOf(process, "increase", { id: "counter" }));
        return counts;
      }),
    );
    const all = seen.flat().map(Number);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: each * 3 }, (_, n) => n + 1));
    for (const process of processes) {
      expect(await resultOf(process, "read", { id: "counter" })).toEqual({ n: each * 3 });
      const history = await resultOf(process, "history", { id: "counter" });
      expect(history).toEqual(Array.from({ length: 50 }, (_, n) => each * 3 + 1 - n));
    }
  });

  it("[S4] a read sees what another process wrote before it, over a thousand times, with a warm cache", async () => {
    const path = newPath();
    const [left, right] = [await start(path), await start(path)];
    const ids = Array.from({ length: 150 }, (_, n) => `c${n}`);
    await resultOf(left, "batch", { ids, content: { n: 0 } });
    for (const process of [left, right]) for (const id of ids) await resultOf(process, "read", { id });
    for (let n = 1; n <= 1_200; n++) {
      const [writer, reader] = n % 2 ? [left, right] : [right, left];
      const id = `c${n % 7}`;
      await resultOf(reader, "read", { id });
      // Now and then by a batch, and now and then by one so large that it goes through the writer thread.
      if (n % 400 === 0) await resultOf(writer, "batch", { ids, content: { n } });
      else if (n % 10 === 0)
        await resultOf(writer, "batch", { ids: ["c1", id].slice(id === "c1" ? 1 : 0), content: { n } });
      else await resultOf(writer, "store", { id, content: { n } });
      expect(await resultOf(reader, "read", { id })).toEqual({ n });
      expect(await resultOf(writer, "read", { id })).toEqual({ n });
    }
    expect(await resultOf(left, "list", {})).toEqual(await resultOf(right, "list", {}));
    for (const id of ids.slice(0, 8)) {
      expect(await resultOf(left, "history", { id })).toEqual(await resultOf(right, "history", { id }));
    }
  });

  it("[S1] a batch is seen wholly or not at all, by its own process and by another", async () => {
    const path = newPath();
    const [writer, reader] = [await start(path), await start(path)];
    const ids = Array.from({ length: 200 }, (_, n) => `c${n}`);
    await resultOf(writer, "batch", { ids, content: { n: 0 } });
    let writing = true;
    const torn: unknown[] = [];
    const watch = async (process: StoreProcess): Promise<void> => {
      while (writing) {
        const contents = (await resultOf(process, "readAll", { ids })) as { n: number }[];
        const seen = new Set(contents.map(({ n }) => n));
        if (seen.size > 1) torn.push([...seen]);
      }
    };
    const watching = [watch(reader), watch(writer)];
    for (let n = 1; n <= 100; n++) await resultOf(writer, "batch", { ids, content: { n } });
    writing = false;
    await Promise.all(watching);
    expect(torn).toEqual([]);
  });

  it("make a new store at one moment without hindering each other", async () => {
    for (let again = 0; again < 3; again++) {
      const path = newPath();
      const processes = await Promise.all([1, 2, 3].map(() => start(path)));
      await Promise.all(
        processes.map((process, n) => resultOf(process, "store", { id: `c${n}`, content: { n } })),
      );
      for (const process of processes) {
        expect(await resultOf(process, "list", {})).toHaveLength(3);
        await process.kill();
      }
    }
  });
});

describe("two processes that make the same store", () => {
  const rounds = 30;
  /** Long enough for both to be waiting for the moment. */
  const aheadMilliseconds = 15;
  const file = join(import.meta.dirname, "opening-process.ts");

  it("at the same moment both have it, again and again", async () => {
    const folder = temporaryFolder();
    const openers = [0, 1].map(() => {
      const child = spawn(process.execPath, [file, Buffer.from(key).toString("base64")], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    });
    const told: unknown[] = [];
    for (let round = 0; round < rounds; round++) {
      const path = join(folder, `${round}.db`);
      const moment = Date.now() + aheadMilliseconds;
      for (const { child } of openers) child.stdin.write(`${moment} ${path}\n`);
      for (const { lines } of openers) told.push((await lines.next()).value);
    }
    expect(told).toEqual(Array(2 * rounds).fill("opened"));
  });
});

describe("a lock that another process holds", () => {
  const large = Array.from({ length: 300 }, (_, n) => ({ id: `c${n}`, type: "t", content: { n } }));

  it("is waited for while the event loop and reads go on", async () => {
    const path = newPath();
    await using base = await openContextbase({ url: `file:${path}`, key, components: [Anything] });
    await using other = await openContextbase({ url: `file:${path}`, key, components: [Anything] });
    const store = base.store(Anything);
    await store.storeContext({ id: "c0", type: "t", content: { n: 0 } });
    const beside = connectBeside(path);
    beside.exec("BEGIN IMMEDIATE");
    const waiting = [
      store.storeContext({ id: "c0", type: "t", content: { n: 1 } }),
      other.store(Anything).storeContexts(large.slice(1)),
    ];
    let answered = 0;
    for (const one of waiting) void one.then(() => answered++);
    // Only an event loop that goes on comes to release the lock below.
    await sleep(1_000);
    expect(answered).toBe(0);
    expect((await store.retrieveContext("c0"))?.content).toEqual({ n: 0 });
    expect((await store.listContexts()).contexts).toHaveLength(1);
    beside.exec("COMMIT");
    await Promise.all(waiting);
    expect((await store.retrieveContext("c0"))?.content).toEqual({ n: 1 });
    expect((await store.listContexts({ limit: 1_000 })).contexts).toHaveLength(300);
  });

  it("is given up on by name after the limit, with nothing changed", async () => {
    const path = newPath();
    await using base = await openContextbase({ url: `file:${path}`, key, components: [Anything] });
    await using other = await openContextbase({ url: `file:${path}`, key, components: [Anything] });
    const store = base.store(Anything);
    await store.storeContext({ id: "c0", type: "t", content: { n: 0 } });
    const beside = connectBeside(path);
    beside.exec("BEGIN IMMEDIATE");
    const errors = await Promise.all([
      errorOf(() => store.storeContext({ id: "c0", type: "t", content: { n: 1 } }, { write: "one" })),
      errorOf(() => other.store(Anything).storeContexts(large.slice(1), { write: "many" })),
    ]);
    for (const error of errors) expect(error).toMatchObject({ code: "storage_busy", retryable: true });
    expect((await store.listContexts()).contexts.map(({ version }) => version)).toEqual([1]);
    beside.exec("COMMIT");
    for (const write of ["one", "many"]) expect(await base.findWrite(write)).toBeUndefined();
    await store.storeContext({ id: "c0", type: "t", content: { n: 2 } }, { write: "one" });
    await other.store(Anything).storeContexts(large.slice(1), { write: "many" });
    expect((await store.listContexts({ limit: 1_000 })).contexts).toHaveLength(300);
  });
});
