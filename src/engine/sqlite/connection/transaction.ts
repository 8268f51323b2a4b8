import type { Database } from "better-sqlite3-multiple-ciphers";
import { resultCode, unknownOutcome } from "./faults.ts";

/**
 * Work as one durable transaction. What throws, or says that it changed nothing, is rolled back.
 * @throws ContextbaseError outcome_unknown where the commit failed in a way that leaves that open
 */
export type Transact = <Result>(work: () => Result, changed: (result: Result) => boolean) => Result;

export const createTransact = (database: Database, path: string): Transact => {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");

  const finish = (): void => {
    try {
      commit.run();
    } catch (cause) {
      const result = resultCode(cause) ?? "";
      const known = result.startsWith("SQLITE_FULL") || result.startsWith("SQLITE_BUSY");
      throw known ? cause : unknownOutcome(cause, path);
    }
  };

  return (work, changed) => {
    begin.run();
    try {
      const result = work();
      if (changed(result)) finish();
      else rollback.run();
      return result;
    } catch (cause) {
      if (database.inTransaction) rollback.run();
      throw cause;
    }
  };
};
