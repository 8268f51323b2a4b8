import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { breakDisk, type StoreProcess, startStore, straceProblem } from "./processes.ts";

/** An fsync that fails, made by strace around a process with a store open. */
const failing = "fsync,fdatasync:error=EIO";
const key = Buffer.alloc(32, 7).toString("base64");

const start = async (path: string): Promise<StoreProcess> => {
  const started = await startStore(path, key);
  onTestFinished(started.kill);
  expect(started.refused).toBeUndefined();
  return started;
};

const breakFor = async (broken: StoreProcess) => {
  const disk = await breakDisk(broken.pid, failing);
  onTestFinished(disk.heal);
  return disk;
};

/** A batch of one is committed on the caller's thread, one of 300 in the writer thread. */
const ways = [
  { way: "on the caller's thread", ids: ["c0"] },
  { way: "in the writer thread", ids: Array.from({ length: 300 }, (_, n) => `c${n}`) },
];

describe.for(ways)("an fsync that fails $way", { skip: straceProblem !== undefined }, ({ ids }) => {
  const write = (to: StoreProcess, n: number, id: string) =>
    to.call("batch", { ids, content: { n }, write: id });
  const contentsOf = async (from: StoreProcess): Promise<unknown[]> => {
    const { result } = await from.call("readAll", { ids });
    return [...new Set((result as { n: number }[]).map(({ n }) => n))];
  };

  it("[K4] nothing is acknowledged while it fails, reads go on, and writes go on after it", async () => {
    const path = join(temporaryFolder(), "store.db");
    const process = await start(path);
    await write(process, 1, "first");
    const disk = await breakFor(process);
    expect((await write(process, 2, "second")).error?.code).toBe("outcome_unknown");
    for (const [n, id] of [
      [2, "second"],
      [2, "second"],
      [3, "third"],
      [2, "second"],
    ] as const) {
      expect(await contentsOf(process)).toHaveLength(1);
      const { error } = await write(process, n, id);
      expect(error?.code).toMatch(/^(outcome_unknown|storage_failed)$/);
    }
    expect(await contentsOf(process)).toHaveLength(1);
    await disk.heal();
    expect((await write(process, 4, "fourth")).error).toBeUndefined();
    expect(await contentsOf(process)).toEqual([4]);
  });

  it("[K4] what findWrite tells is final: it holds after kill -9 and reopening", async () => {
    const path = join(temporaryFolder(), "store.db");
    const process = await start(path);
    await write(process, 1, "first");
    const disk = await breakFor(process);
    expect((await write(process, 2, "second")).error?.code).toBe("outcome_unknown");
    await disk.heal();
    const told = await process.call("findWrite", { write: "second" });
    await process.kill();
    const reopened = await start(path);
    expect((await reopened.call("findWrite", { write: "second" })).result).toBe(told.result);
    expect(await contentsOf(reopened)).toEqual([told.result === 0 ? 1 : 2]);
  });

  it("[K4] what findWrite tells another process is final, too", async () => {
    const path = join(temporaryFolder(), "store.db");
    const process = await start(path);
    const other = await start(path);
    await write(process, 1, "first");
    await contentsOf(other);
    await breakFor(process);
    expect((await write(process, 2, "second")).error?.code).toBe("outcome_unknown");
    const told = await other.call("findWrite", { write: "second" });
    await process.kill();
    await other.kill();
    const reopened = await start(path);
    expect((await reopened.call("findWrite", { write: "second" })).result).toBe(told.result);
    expect(await contentsOf(reopened)).toEqual([told.result === 0 ? 1 : 2]);
  });

  it("[K4, C2] the same write sent again while it fails is not acknowledged by what a recovery found", async () => {
    const path = join(temporaryFolder(), "store.db");
    const process = await start(path);
    await write(process, 1, "first");
    await breakFor(process);
    const codes = [];
    for (let again = 0; again < 4; again++) {
      codes.push((await write(process, 2, "second")).error?.code ?? "acknowledged");
      codes.push((await process.call("findWrite", { write: "second" })).error?.code ?? "told");
    }
    expect(codes.filter((code) => code !== "outcome_unknown" && code !== "storage_failed")).toEqual([]);
  });
});

describe("an fsync that fails", () => {
  it("can be shown here", ({ skip }) => {
    if (straceProblem !== undefined) skip(straceProblem);
    expect(straceProblem).toBeUndefined();
  });
});
