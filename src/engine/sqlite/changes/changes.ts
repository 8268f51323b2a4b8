import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Change } from "../../engine.ts";
import { type ChangeRow, changeColumns } from "../layout/rows.ts";

type WriteRow = { readonly position: number; readonly count: number };

/** The change log of one file: a counter per tenant, an entry per version, and an entry per write id. */
export type Changes = {
  readonly lastPosition: (tenant: string) => number;
  readonly append: (tenant: string, change: Change) => void;
  /** Records a write id with the `count` changes that end at `position`. */
  readonly finish: (tenant: string, write: string, position: number, count: number) => void;
  /** The same of a write that may have changes already, which these follow. */
  readonly grow: (tenant: string, write: string, position: number, count: number) => void;
  readonly moveTo: (tenant: string, position: number) => void;
  readonly ofWrite: (tenant: string, write: string) => Change[] | undefined;
  readonly after: (tenant: string, position: number, limit: number) => Change[];
  /** Tenants after one, in order. */
  readonly tenants: (after: string, limit: number) => string[];
};

export const createChanges = (database: Database): Changes => {
  const selectPosition = database
    .prepare<[string], number>("SELECT position FROM tenants WHERE tenant = ?")
    .pluck();
  const setPosition = database.prepare(
    "INSERT INTO tenants (tenant, position) VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position",
  );
  const insertChange = database.prepare(
    `INSERT INTO changes (tenant, ${changeColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insert = "INSERT INTO writes (tenant, write, position, count) VALUES (?, ?, ?, ?)";
  const insertWrite = database.prepare(insert);
  // A write that grows gets a new sequence, so that those who follow the sequences see what it brought.
  const growWrite = database.prepare(`
    ${insert} ON CONFLICT (tenant, write) DO UPDATE SET sequence = (SELECT max(sequence) + 1 FROM writes),
      position = excluded.position, count = count + excluded.count`);
  const selectWrite = database.prepare<[string, string], WriteRow>(
    "SELECT position, count FROM writes WHERE tenant = ? AND write = ?",
  );
  const selectAfter = database.prepare<[string, number, number], ChangeRow>(
    `SELECT ${changeColumns} FROM changes WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?`,
  );
  const selectTenants = database
    .prepare<[string, number], string>("SELECT tenant FROM tenants WHERE tenant > ? ORDER BY tenant LIMIT ?")
    .pluck();
  return {
    lastPosition: (tenant) => selectPosition.get(tenant) ?? 0,
    append: (tenant, { position, operation, component, id, type, version, at, actor, write }) => {
      insertChange.run(tenant, position, operation, component, id, type, version, at, actor, write);
    },
    finish: (tenant, write, position, count) => {
      insertWrite.run(tenant, write, position, count);
    },
    grow: (tenant, write, position, count) => {
      growWrite.run(tenant, write, position, count);
    },
    moveTo: (tenant, position) => {
      setPosition.run(tenant, position);
    },
    ofWrite: (tenant, write) => {
      const row = selectWrite.get(tenant, write);
      return row && selectAfter.all(tenant, row.position - row.count, row.count);
    },
    after: (tenant, position, limit) => selectAfter.all(tenant, position, limit),
    tenants: (after, limit) => selectTenants.all(after, limit),
  };
};
