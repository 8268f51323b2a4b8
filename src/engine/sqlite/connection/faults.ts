import Database from "better-sqlite3-multiple-ciphers";
import type { ErrorCode } from "../../../base/error-table.ts";
import { ContextbaseError } from "../../../base/errors.ts";

type Fault = { readonly code: ErrorCode; readonly what: string };

/** By the beginning of SQLite's result code; the first that fits counts. */
const faults: readonly (readonly [prefix: string, fault: Fault])[] = [
  ["SQLITE_BUSY", { code: "storage_busy", what: "is locked by another process; try again" }],
  [
    "SQLITE_FULL",
    { code: "storage_full", what: "cannot grow: its disk is full. Free some space and try again" },
  ],
  [
    "SQLITE_READONLY",
    { code: "storage_read_only", what: "cannot be written. Check the rights of it and its folder" },
  ],
  ["SQLITE_CORRUPT", { code: "storage_corrupt", what: "is damaged. Restore it from a backup" }],
  ["SQLITE_IOERR_DATA", { code: "storage_corrupt", what: "is damaged. Restore it from a backup" }],
  // The index of the write-ahead log cannot grow.
  [
    "SQLITE_IOERR_SHMSIZE",
    { code: "storage_full", what: "cannot grow: its disk is full. Free some space and try again" },
  ],
  ["SQLITE_PROTOCOL", { code: "storage_busy", what: "is locked by another process; try again" }],
  ["SQLITE_IOERR_SHMOPEN", { code: "storage_read_only", what: "needs a folder in which files can be made" }],
  ["SQLITE_NOTADB", { code: "wrong_key", what: "does not open with this key, or is no Contextbase store" }],
  [
    "SQLITE_CANTOPEN",
    { code: "storage_unavailable", what: "cannot be opened. Check that its folder exists" },
  ],
  ["SQLITE_PERM", { code: "storage_unavailable", what: "cannot be opened: this user has no right to it" }],
  ["SQLITE_AUTH", { code: "storage_unavailable", what: "cannot be opened: this user has no right to it" }],
  ["SQLITE_IOERR", { code: "storage_failed", what: "could not be read or written: the disk refused" }],
];

/** SQLite's result code, such as `SQLITE_IOERR_FSYNC`; undefined for an error that is none of SQLite's. */
export const resultCode = (cause: unknown): string | undefined =>
  cause instanceof Database.SqliteError ? cause.code : undefined;

/** Names an error of SQLite. What is none of its errors comes back as it is. */
export const toFault = (cause: unknown, path: string): unknown => {
  const result = resultCode(cause);
  if (result === undefined) return cause;
  const found = faults.find(([prefix]) => result.startsWith(prefix))?.[1];
  if (!found) {
    const message = `SQLite refused a statement of Contextbase's own (${result}). Please report this.`;
    return new ContextbaseError("internal", message, { cause, details: { result } });
  }
  return new ContextbaseError(found.code, `${path} ${found.what} (${result}).`, {
    cause,
    details: { path, result },
  });
};

/** The same of what is asked of a file for the first time: a statement that its tables do not fit is their fault. */
export const toTableFault = (cause: unknown, path: string): unknown => {
  if (resultCode(cause) !== "SQLITE_ERROR") return toFault(cause, path);
  const message = `${path} is damaged: its tables are not those of a store. Restore it from a backup.`;
  return new ContextbaseError("storage_corrupt", message, { cause, details: { path } });
};

/** A commit that failed in a way that leaves open whether it is on the disk. */
export const unknownOutcome = (cause: unknown, path: string): ContextbaseError =>
  new ContextbaseError(
    "outcome_unknown",
    `The disk failed while ${path} was made durable (${resultCode(cause) ?? "no answer"}). ` +
      "Ask findWrite whether this write happened before you send it again.",
    { cause, details: { path } },
  );

/** After these the connection is not to be trusted with another statement. */
const fatalCodes: ReadonlySet<ErrorCode> = new Set(["storage_failed", "storage_corrupt", "outcome_unknown"]);

export const isFatal = (fault: unknown): boolean =>
  fault instanceof ContextbaseError && fatalCodes.has(fault.code);
