import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { migrations } from "./migrations.ts";

/** "CBSE", stamped into the file as `application_id`. */
const applicationId = 0x43425345;

/** The store layout that this code works with, stamped into the file as `user_version`. */
export const layoutVersion = migrations.length;

const numberOf = (database: Database, pragma: string): number =>
  Number(database.pragma(pragma, { simple: true }));

/** What a file says of itself, all at one moment: another process may be making its tables. */
const stampsOf = (database: Database) =>
  database.transaction(() => ({
    version: numberOf(database, "user_version"),
    application: numberOf(database, "application_id"),
    objects: database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get(),
  }))();

/** What there is of the tables: nothing, those of an earlier layout, or all as they are to be. */
export type Standing = "empty" | "older" | "current";

/** @throws ContextbaseError newer_layout, not_a_store; an error of SQLite where the key is wrong */
export const checkLayout = (database: Database, path: string): Standing => {
  const { version, application, objects } = stampsOf(database);
  if (application === applicationId && version === layoutVersion) return "current";
  if (application === applicationId && version > layoutVersion) {
    throw new ContextbaseError(
      "newer_layout",
      `${path} has store layout ${version}; this Contextbase knows layouts up to ${layoutVersion}. Update it.`,
      { details: { path, layout: version } },
    );
  }
  if (application === applicationId && version > 0) return "older";
  if (application === 0 && version === 0 && objects === 0) return "empty";
  const message = `${path} is a SQLite database, but no Contextbase store. Name another file.`;
  throw new ContextbaseError("not_a_store", message, { details: { path } });
};

export type LayoutPlan = {
  /** The layout that the file has; 0 where there is nothing in it. */
  readonly current: number;
  readonly target: number;
  /** The names of the migrations that are to be run. */
  readonly pending: readonly string[];
  /** Their SQL, each a transaction of its own. */
  readonly transactions: readonly string[];
};

/** What takes a file to the newest layout. @throws as `checkLayout` */
export const planLayout = (database: Database, path: string): LayoutPlan => {
  checkLayout(database, path);
  const current = numberOf(database, "user_version");
  const pending = migrations.slice(current);
  return {
    current,
    target: layoutVersion,
    pending: pending.map(({ name }) => name),
    transactions: pending.map(
      ({ statements }, index) => `${statements}  PRAGMA user_version = ${current + index + 1};`,
    ),
  };
};

/**
 * Makes the tables where there are none, at once; older ones are taken to the newest layout one after another, each in a
 * transaction that stamps it, so that who is killed in between leaves a store of an older layout. Another process may do
 * the same at this moment.
 */
export const updateLayout = (database: Database, path: string): void => {
  const standing = checkLayout(database, path);
  if (standing === "current") return;
  // What a recovery found goes to the disk before anything builds on it.
  if (standing === "older") database.pragma("wal_checkpoint(TRUNCATE)");
  const step = database.transaction(() => {
    const layout = checkLayout(database, path) === "empty" ? 0 : numberOf(database, "user_version");
    const next = layout === 0 ? migrations : migrations.slice(layout, layout + 1);
    for (const { statements } of next) database.exec(statements);
    database.pragma(`application_id = ${applicationId}`);
    database.pragma(`user_version = ${layout + next.length}`);
  });
  while (checkLayout(database, path) !== "current") step.immediate();
};

/**
 * A durable commit that changes nothing. After a commit whose fsync failed, its pages may lie in the
 * write-ahead log behind the last valid one, and a recovery could bring them back; this writes over them,
 * so that what is then read is final.
 */
export const settle = (database: Database, path: string): void => {
  database
    .transaction(() => {
      checkLayout(database, path);
      database.pragma(`user_version = ${layoutVersion}`);
    })
    .immediate();
};
