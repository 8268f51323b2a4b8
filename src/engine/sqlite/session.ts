import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../base/errors.ts";
import { type Changes, createChanges } from "./changes.ts";
import { type Commit, createCommit } from "./commit.ts";
import { connect, type StoreFile } from "./connection.ts";
import { resultCode, toFault } from "./faults.ts";
import { createReads, type Reads } from "./read.ts";
import { createStaleness } from "./staleness.ts";
import { createVersions } from "./versions.ts";

/** One connection with everything that is prepared on it. */
export type Session = {
  readonly database: Database;
  readonly commit: Commit;
  readonly reads: Reads;
  readonly changes: Changes;
  readonly staleness: ReturnType<typeof createStaleness>;
};

/** @throws ContextbaseError, as `connect` */
export const openSession = (file: StoreFile, waitMilliseconds: number): Session => {
  const database = connect(file, waitMilliseconds);
  try {
    return {
      database,
      commit: createCommit(database, file.path),
      reads: createReads(database, createVersions(database)),
      changes: createChanges(database),
      staleness: createStaleness(database),
    };
  } catch (cause) {
    // Some of these read already, and meet what is damaged: a page, or what the file says of its tables.
    database.close();
    if (resultCode(cause) !== "SQLITE_ERROR") throw toFault(cause, file.path);
    const message = `${file.path} is damaged: its tables are not those of a store. Restore it from a backup.`;
    throw new ContextbaseError("storage_corrupt", message, { cause, details: { path: file.path } });
  }
};
