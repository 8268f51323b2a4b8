import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { limits } from "../../../base/limits.ts";
import { isBusy } from "../connection/busy.ts";
import { connect, pageCacheKibibytes } from "../connection/connection.ts";
import { toFault } from "../connection/faults.ts";
import type { FillerData } from "./filler.ts";
import { createFilling } from "./filling.ts";

/** Between two steps the lock is free for this long: those who wait for it look every 5 milliseconds. */
const pauseMilliseconds = 10;

/** The thread that fills new paths, on a connection of its own. It ends by itself. */
const file: FillerData = workerData;
const database = connect(file, limits.busyMilliseconds, pageCacheKibibytes.writer);
const step = createFilling(database);
let closing = false;
parentPort?.once("message", () => {
  closing = true;
});

const isLeft = (): boolean => {
  try {
    return step();
  } catch (cause) {
    const fault = toFault(cause, file.path);
    if (isBusy(fault)) return true;
    throw fault;
  }
};

try {
  while (!closing && isLeft()) await sleep(pauseMilliseconds);
} finally {
  database.close();
  parentPort?.close();
}
