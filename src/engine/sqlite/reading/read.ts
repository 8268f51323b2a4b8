import type { Database } from "better-sqlite3-multiple-ciphers";
import { isStanding } from "../../as-of/standing.ts";
import type { ContextKey, HistoryQuery, Key, StoredContext, StoredVersion } from "../../engine.ts";
import { type ContextRow, contextColumns, toStored } from "../layout/rows.ts";
import type { Versions } from "./versions.ts";

type VersionHead = {
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly deleted: number;
  readonly parent: number | null;
};

/** The reads of one file. */
export type Reads = {
  readonly current: (key: Key, ids: readonly string[]) => (StoredContext | undefined)[];
  readonly version: (key: ContextKey, version: number) => StoredContext | undefined;
  readonly asOf: (key: ContextKey, at: number) => StoredContext | undefined;
  readonly history: (query: HistoryQuery) => StoredVersion[];
};

const anyNumber = Number.MAX_SAFE_INTEGER;

export const createReads = (database: Database, versions: Versions): Reads => {
  const selectCurrent = database.prepare<[string, string, string], ContextRow>(
    `SELECT ${contextColumns} FROM contexts WHERE tenant = ? AND component = ? AND id = ?`,
  );
  const versionsOf = (table: string): string =>
    `SELECT version, updated_at AS at, actor, deleted, parent FROM ${table}
     WHERE tenant = :tenant AND component = :component AND id = :id AND version < :before AND updated_at <= :at`;
  const selectHistory = database.prepare<
    ContextKey & { before: number; at: number; limit: number },
    VersionHead
  >(`${versionsOf("contexts")} UNION ALL ${versionsOf("versions")} ORDER BY version DESC LIMIT :limit`);

  const toVersion = ({ version, at, actor, deleted, parent }: VersionHead): StoredVersion => ({
    version,
    at,
    actor,
    operation: deleted === 1 ? "delete" : "store",
    parent: parent ?? undefined,
  });

  const head = ({ tenant, component, id }: ContextKey): ContextRow | undefined =>
    selectCurrent.get(tenant, component, id);

  const current = ({ tenant, component }: Key, ids: readonly string[]): (StoredContext | undefined)[] =>
    ids.map((id) => toStored(selectCurrent.get(tenant, component, id)));
  const currentTogether = database.transaction(current);

  return {
    version: (key, version) => {
      const row = head(key);
      if (!row || row.version < version) return undefined;
      return row.version === version ? toStored(row) : versions.at(key, version);
    },
    asOf: (key, at) => {
      const row = head(key);
      if (!row || row.created_at > at) return undefined;
      if (row.updated_at > at) return versions.asOf(key, at);
      return isStanding(row.expires_at, at) ? toStored(row) : undefined;
    },
    // One transaction, so that an atomic batch is seen wholly or not at all.
    current: (key, ids) => (ids.length === 1 ? current(key, ids) : currentTogether(key, ids)),
    history: ({ tenant, component, id, limit, before = anyNumber, at = anyNumber }) =>
      selectHistory.all({ tenant, component, id, before, at, limit }).map(toVersion),
  };
};
