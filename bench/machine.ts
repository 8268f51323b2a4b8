import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { arch, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { stopwatch } from "../src/base/clock.ts";
import { spreadOf } from "./rounds.ts";

const syncs = 300;
const pageBytes = 8192;

/** What statfs says of a tmpfs (statfs(2)). */
const tmpfsMagic = 0x01021994;

/** What all figures depend on, as names and values to print. */
export const describeMachine = (): [string, string][] => {
  const processors = cpus();
  return [
    ["CPU", `${processors[0]?.model.trim()}, ${processors.length} cores`],
    ["Memory", `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ["System", `${type()} ${release()}, ${arch()}`],
    ["Node", process.version],
  ];
};

/** What the figures of files depend on, as names and values to print. */
export const describeDisk = async (folder: string): Promise<[string, string][]> => {
  const sync = spreadOf(timeSyncs(join(folder, "sync")));
  const inMemory = (await statfs(folder)).type === tmpfsMagic;
  return [
    [
      "fdatasync after 8 KiB written",
      `${sync.median.toFixed(2)} ms (${sync.low.toFixed(2)} to ${sync.high.toFixed(2)})` +
        (inMemory ? "; the folder lies in memory, where nothing is durable: name another by --folder" : ""),
    ],
  ];
};

/** Milliseconds of each sync, of a file that grows by a page each time. */
const timeSyncs = (path: string): number[] => {
  const file = openSync(path, "w");
  const page = Buffer.alloc(pageBytes, 1);
  const times: number[] = [];
  for (let sync = 0; sync < syncs; sync++) {
    writeSync(file, page);
    const started = stopwatch();
    fdatasyncSync(file);
    times.push(stopwatch() - started);
  }
  closeSync(file);
  return times;
};
