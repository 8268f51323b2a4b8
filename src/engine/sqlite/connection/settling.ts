import { existsSync } from "node:fs";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { resultCode } from "./faults.ts";

/**
 * What a recovery of the write-ahead log may have found: writes whose sync failed, which are then in memory but not
 * on the disk.
 */
export type Settling = {
  /** To be called before a connection is made. */
  readonly look: () => void;
  /** Whether a write must wait for `secure`. */
  readonly needed: () => boolean;
  /** Moves what was found into the database, so that what is written next does not build on it. */
  readonly secure: (database: Database) => void;
};

export const createSettling = (path: string): Settling => {
  // Where a log stands beside the file, opening it may recover what it holds.
  const hasLog = (): boolean => existsSync(`${path}-wal`);
  let recovered = hasLog();
  return {
    look: () => {
      recovered = hasLog();
    },
    needed: () => recovered,
    secure: (database) => {
      if (!recovered) return;
      try {
        database.pragma("wal_checkpoint(TRUNCATE)");
        recovered = false;
      } catch (cause) {
        // A full disk lost nothing; the write itself may still find room, and the next one tries this again.
        if (!resultCode(cause)?.startsWith("SQLITE_FULL")) throw cause;
      }
    },
  };
};
