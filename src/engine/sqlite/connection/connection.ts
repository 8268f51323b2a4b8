import Database from "better-sqlite3-multiple-ciphers";
import { updateLayout } from "../layout/layout.ts";
import { toTableFault } from "./faults.ts";
import { inspect } from "./inspect.ts";
import { pageBytes, type StoreFile, unlock } from "./store-file.ts";
import { useWriteAheadLog } from "./write-ahead-log.ts";

/** The reader's holds what is read over and over; those of threads, what one commit or one long read touches. */
export const pageCacheKibibytes = { reader: 64 * 1024, writer: 16 * 1024 } as const;

/**
 * Opens a store file for reading and writing, and makes it where there is none.
 * @param waitMilliseconds how long a statement blocks this thread for another process's lock
 * @throws ContextbaseError; nothing of an existing file has changed then
 */
export const connect = (
  file: StoreFile,
  waitMilliseconds: number,
  cacheKibibytes: number = pageCacheKibibytes.reader,
): Database.Database => {
  if (file.path !== ":memory:") inspect(file);
  let database: Database.Database | undefined;
  try {
    database = new Database(file.path, { timeout: waitMilliseconds });
    unlock(database, file.path === ":memory:" ? undefined : file.key);
    database.pragma(`page_size = ${pageBytes}`);
    useWriteAheadLog(database, waitMilliseconds);
    database.pragma("synchronous = FULL");
    database.pragma(`cache_size = -${cacheKibibytes}`);
    database.pragma("temp_store = MEMORY");
    updateLayout(database, file.path);
    return database;
  } catch (cause) {
    database?.close();
    throw toTableFault(cause, file.path);
  }
};
