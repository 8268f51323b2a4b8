import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../base/limits.ts";
import type {
  ContextKey,
  HistoryQuery,
  Key,
  ListPage,
  ListQuery,
  StoredContext,
  StoredVersion,
} from "../engine.ts";
import { type ContextRow, contextColumns, toStored } from "./rows.ts";
import type { Versions } from "./versions.ts";

type VersionHead = {
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly deleted: number;
};

/** The reads of one file. */
export type Reads = {
  readonly current: (key: Key, ids: readonly string[]) => (StoredContext | undefined)[];
  readonly version: (key: ContextKey, version: number) => StoredContext | undefined;
  readonly asOf: (key: ContextKey, at: number) => StoredContext | undefined;
  readonly list: (query: ListQuery) => ListPage;
  readonly history: (query: HistoryQuery) => StoredVersion[];
};

export const createReads = (database: Database, versions: Versions): Reads => {
  const selectCurrent = database.prepare<[string, string, string], ContextRow>(
    `SELECT ${contextColumns} FROM contexts WHERE tenant = ? AND component = ? AND id = ?`,
  );
  const page = "AND deleted = 0 AND place < ? ORDER BY place DESC LIMIT ?";
  const selectList = database.prepare<[string, string, number, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_place WHERE tenant = ? AND component = ? ${page}`,
  );
  const selectListOfType = database.prepare<[string, string, string, number, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_type
     WHERE tenant = ? AND component = ? AND type = ? ${page}`,
  );
  const versionsOf = (table: string): string =>
    `SELECT version, updated_at AS at, actor, deleted FROM ${table}
     WHERE tenant = :tenant AND component = :component AND id = :id AND version < :before`;
  const selectHistory = database.prepare<ContextKey & { before: number; limit: number }, VersionHead>(
    `${versionsOf("contexts")} UNION ALL ${versionsOf("versions")} ORDER BY version DESC LIMIT :limit`,
  );

  const toVersion = ({ version, at, actor, deleted }: VersionHead): StoredVersion => ({
    version,
    at,
    actor,
    operation: deleted === 1 ? "delete" : "store",
  });

  const head = ({ tenant, component, id }: ContextKey): ContextRow | undefined =>
    selectCurrent.get(tenant, component, id);

  const current = ({ tenant, component }: Key, ids: readonly string[]): (StoredContext | undefined)[] =>
    ids.map((id) => toStored(selectCurrent.get(tenant, component, id)));
  const currentTogether = database.transaction(current);

  return {
    version: (key, version) => {
      const row = head(key);
      return row?.version === version ? toStored(row) : versions.at(key, version);
    },
    asOf: (key, at) => {
      const row = head(key);
      return row && row.updated_at <= at ? toStored(row) : versions.asOf(key, at);
    },
    // One transaction, so that an atomic batch is seen wholly or not at all.
    current: (key, ids) => (ids.length === 1 ? current(key, ids) : currentTogether(key, ids)),
    list: ({ tenant, component, type, limit, after }) => {
      const before = after?.place ?? Number.MAX_SAFE_INTEGER;
      return takePage(
        type === undefined
          ? selectList.iterate(tenant, component, before, limit + 1)
          : selectListOfType.iterate(tenant, component, type, before, limit + 1),
        limit,
      );
    },
    history: ({ tenant, component, id, limit, before = Number.MAX_SAFE_INTEGER }) =>
      selectHistory.all({ tenant, component, id, before, limit }).map(toVersion),
  };
};

/** @param rows one more than the limit, where there are as many */
const takePage = (rows: Iterable<ContextRow>, limit: number): ListPage => {
  const contexts: StoredContext[] = [];
  let bytes = 0;
  let last: number | undefined;
  for (const row of rows) {
    if (contexts.length === limit || bytes > limits.pageBytes)
      return { contexts, next: last === undefined ? undefined : { place: last }, plan: [] };
    const context = toStored(row);
    if (context) contexts.push(context);
    bytes += row.content.length + row.metadata.length + (row.embeddings?.length ?? 0);
    last = row.place;
  }
  return { contexts, next: undefined, plan: [] };
};
