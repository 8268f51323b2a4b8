import type { Database } from "better-sqlite3-multiple-ciphers";
import { stopwatch } from "../../../base/clock.ts";
import { resultCode } from "./faults.ts";

/** Between two tries, and what this thread sleeps on meanwhile: nobody wakes it. */
const pauseMilliseconds = 5;
const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/**
 * Has a file written by way of a write-ahead log. Where another process makes the same file at this moment, SQLite may
 * refuse at once, without waiting for it; a little later it is done.
 * @param waitMilliseconds how long this thread waits for it
 */
export const useWriteAheadLog = (database: Database, waitMilliseconds: number): void => {
  const deadline = stopwatch() + waitMilliseconds;
  for (;;) {
    try {
      database.pragma("journal_mode = WAL");
      return;
    } catch (cause) {
      if (!resultCode(cause)?.startsWith("SQLITE_BUSY") || stopwatch() > deadline) throw cause;
      Atomics.wait(pause, 0, 0, pauseMilliseconds);
    }
  }
};
