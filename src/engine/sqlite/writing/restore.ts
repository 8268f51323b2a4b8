import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import type { Change, Entry } from "../../engine.ts";
import { createChanges } from "../changes/changes.ts";
import { createTransact } from "../connection/transaction.ts";
import { createAppend } from "./append.ts";

/** Appends entries of another store as they are, in one durable transaction. */
export type Restore = (tenant: string, entries: readonly Entry[]) => void;

export const createRestore = (database: Database, path: string): Restore => {
  const transact = createTransact(database, path);
  const { standing, append } = createAppend(database);
  const changes = createChanges(database);

  const restore = (tenant: string, entries: readonly Entry[]): void => {
    const last = changes.lastPosition(tenant);
    for (const [index, entry] of entries.entries()) {
      const { component, id, position, version } = entry.change;
      const row = standing(tenant, component, id);
      if (position !== last + 1 + index || version !== (row?.version ?? 0) + 1) {
        throw doesNotFollow(tenant, last + index, entry.change);
      }
      append(tenant, row, entry);
    }
    for (const { write, position, count } of writesOf(entries)) changes.grow(tenant, write, position, count);
    changes.moveTo(tenant, last + entries.length);
  };

  return (tenant, entries) =>
    transact(
      () => restore(tenant, entries),
      () => entries.length > 0,
    );
};

const doesNotFollow = (tenant: string, last: number, { position, component, id, version }: Change) =>
  new ContextbaseError(
    "version_conflict",
    `Change ${position} (${component} ${JSON.stringify(id)}, version ${version}) does not follow change ${last} of ` +
      `tenant ${JSON.stringify(tenant)}. Somebody else writes to this tenant, or it is another store's.`,
    { component, details: { tenant, position, id, version } },
  );

type WriteEnd = { readonly write: string; readonly position: number; readonly count: number };

/** Where each write ends, and how many of the entries are its. */
const writesOf = (entries: readonly Entry[]): Iterable<WriteEnd> => {
  const writes = new Map<string, WriteEnd>();
  for (const { change } of entries) {
    const { write, position } = change;
    writes.set(write, { write, position, count: (writes.get(write)?.count ?? 0) + 1 });
  }
  return writes.values();
};
