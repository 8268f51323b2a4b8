import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { isObject } from "../../../base/json.ts";
import { checkLayout, type LayoutPlan, planLayout } from "../layout/layout.ts";
import { toFault } from "./faults.ts";
import { pageBytes, type StoreFile, unlock } from "./store-file.ts";

/** Asks a file something through a connection that cannot change it. */
const probe = <Answer>(
  { path, key }: StoreFile,
  ask: (database: Database.Database, path: string) => Answer,
): Answer => {
  const database = new Database(path, { readonly: true, timeout: 2_000 });
  try {
    unlock(database, key);
    return ask(database, path);
  } finally {
    database.close();
  }
};

const isPlainDatabase = (path: string): boolean => {
  try {
    probe({ path, key: undefined }, checkLayout);
    return true;
  } catch (cause) {
    return cause instanceof ContextbaseError;
  }
};

/** Says which of the three things that look alike to SQLite is wrong. */
const explainKey = (path: string, key: Uint8Array | undefined): ContextbaseError => {
  const details = { path };
  if (statSync(path).size % pageBytes !== 0) {
    return new ContextbaseError("not_a_store", `${path} is no Contextbase store. Name another file.`, {
      details,
    });
  }
  if (key === undefined) {
    const message = `${path} is encrypted, or no Contextbase store. Give its key (CONTEXTBASE_KEY).`;
    return new ContextbaseError("wrong_key", message, { details });
  }
  const message = isPlainDatabase(path)
    ? `${path} is not encrypted, but a key was given. Open it without one.`
    : `${path} does not open with this key: it was made with another one, or its first page is damaged.`;
  return new ContextbaseError("wrong_key", message, { details });
};

/** @throws ContextbaseError storage_read_only, naming what this user may not do */
const checkAccess = (path: string, place: string, mode: number): void => {
  try {
    accessSync(place, mode);
  } catch (cause) {
    const message = `${path} cannot be opened for writing: ${place} is read-only, or this user has no right to it.`;
    throw new ContextbaseError("storage_read_only", message, { cause, details: { path } });
  }
};

const journalMagic = "d9d505f920a163d7";
const journalHeaderBytes = 28;

/** Empty where there is no journal, or none any more: another process may be done with it at this moment. */
const readJournalHeader = (journal: string): Buffer => {
  try {
    return readFileSync(journal).subarray(0, journalHeaderBytes);
  } catch (cause) {
    if (isObject(cause) && cause.code === "ENOENT") return Buffer.alloc(0);
    throw cause;
  }
};

/**
 * Whether a process was killed while it made this file: then a rollback journal stands beside it that says the file
 * had no page before, so that it holds nothing, and SQLite makes it empty again by itself. The journal of a
 * database that holds something says how many pages it had (SQLite's file format, 3.1).
 */
const isHalfMade = (path: string): boolean => {
  const header = readJournalHeader(`${path}-journal`);
  if (header.length < journalHeaderBytes) return false;
  return header.toString("hex", 0, 8) === journalMagic && header.readUInt32BE(16) === 0;
};

/** Where the header says how a file may be written and how it may be read (SQLite's file format, 1.3). */
const formatsAt = 18;

/**
 * A store has both alike. SQLite would read on where one is damaged, and put it right as it begins to write.
 * @throws ContextbaseError storage_corrupt
 */
const checkFormats = (path: string): void => {
  const formats = Buffer.alloc(2);
  const file = openSync(path, "r");
  try {
    readSync(file, formats, 0, formats.length, formatsAt);
  } finally {
    closeSync(file);
  }
  if (formats[0] === formats[1]) return;
  const message = `${path} is damaged: its header contradicts itself. Restore it from a backup.`;
  throw new ContextbaseError("storage_corrupt", message, { details: { path } });
};

/**
 * Looks at a store file before it is opened.
 * @throws ContextbaseError; nothing of the file has changed then
 */
export const inspect = (file: StoreFile): void => {
  const { path } = file;
  const folder = dirname(path);
  if (!existsSync(folder)) {
    const message = `${path} cannot be made: the folder ${folder} does not exist. Make it first.`;
    throw new ContextbaseError("storage_unavailable", message, { details: { path } });
  }
  checkAccess(path, folder, constants.W_OK | constants.X_OK);
  if (!existsSync(path) || statSync(path).size === 0) return;
  checkAccess(path, path, constants.R_OK | constants.W_OK);
  if (isHalfMade(path)) return;
  look(file, checkLayout);
  checkFormats(path);
};

/** The same with what is wrong named. */
const look: typeof probe = (file, ask) => {
  try {
    return probe(file, ask);
  } catch (cause) {
    const fault = toFault(cause, file.path);
    const isKey = fault instanceof ContextbaseError && fault.code === "wrong_key";
    throw isKey ? explainKey(file.path, file.key) : fault;
  }
};

/**
 * What opening a file would do to its layout. Nothing of it is changed.
 * @throws ContextbaseError newer_layout, not_a_store, wrong_key, storage_…
 */
export const planUpdate = (file: StoreFile): LayoutPlan => look(file, planLayout);
