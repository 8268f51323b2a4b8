import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Key, StoredContext } from "../../../engine.ts";
import type { RewriteRow } from "../../changes/rewrites.ts";
import { type StoredRow, storedColumns, toStored } from "../../layout/rows.ts";
import { prepareOne } from "./one-context.ts";

/** A place in a tenant's change log, and what stands there, so that another log is told from this one. */
export type ChangeStamp = { readonly position: number; readonly write: string; readonly at: number };

/** The same, and how far the log of rewritings was followed. */
export type Stamp = ChangeStamp & { readonly rewrite: number };

/** Before the first change. */
export const beginning: Stamp = { position: 0, write: "", at: 0, rewrite: 0 };

/** Two that are the same have nothing between them that was written: by other connections, or by this one. */
export type Moment = { readonly dataVersion: number; readonly changes: number };

export const isSameMoment = (one: Moment | undefined, other: Moment): boolean =>
  one?.dataVersion === other.dataVersion && one.changes === other.changes;

/** Contexts of a component that were rewritten together: their ids, or undefined where they may be any. */
export type Rewritten = { readonly rewrite: number; readonly ids: readonly string[] | undefined };

/** What stands of a context; what the reader was not made to read is null. */
export type DocumentRow = {
  readonly id: string;
  readonly version: number;
  readonly deleted: number;
  readonly place: number;
  readonly row: number;
  readonly type: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly schema_version: number;
  readonly content: string | null;
  readonly metadata: string | null;
  readonly embeddings: Buffer | null;
};

export type EmbeddingRow = readonly [id: string, version: number, place: number, embedding: Buffer | null];

export type Bodies = { readonly content: string | null; readonly metadata: string | null };

/** What of a context's body is read. */
export type Reading = {
  readonly content: boolean;
  readonly metadata: boolean;
  readonly embeddings: boolean;
};

/** The reads of a store file that a search makes. */
export type StoreReader = {
  /** Runs reads on one state of the file. */
  readonly together: <Result>(work: () => Result) => Result;
  /** When it is read. Within `together`, what is read after it is of that moment, too. */
  readonly moment: () => Moment;
  readonly lastPosition: (tenant: string) => number;
  readonly stampAt: (tenant: string, position: number) => ChangeStamp | undefined;
  /** The last of the rewritings of a component; 0 where there is none. */
  readonly lastRewrite: (key: Key) => number;
  /** Whether one that comes after another may have been of any of its contexts. */
  readonly isRewritten: (key: Key, after: number) => boolean;
  /** The one that comes after another; undefined where it was the last. */
  readonly nextRewrite: (key: Key, after: number) => Rewritten | undefined;
  /** Ids of a component that were changed after a position, up to another. */
  readonly changed: (key: Key, after: number, upTo: number) => string[];
  /** @param row where it is likely to be */
  readonly document: (key: Key, id: string, reading: Reading, row?: number) => DocumentRow | undefined;
  readonly embedding: (key: Key, id: string, row?: number) => Uint8Array | undefined;
  /** All of a context. */
  readonly context: (key: Key, id: string, row?: number) => StoredContext | undefined;
  /** The embeddings of what is not deleted, in the order of its first writing. */
  readonly embeddings: (key: Key, after: number, limit: number) => EmbeddingRow[];
  /** What is not deleted, in the order of its first writing. */
  readonly documents: (
    key: Key,
    after: number,
    upTo: number,
    limit: number,
    reading: Reading,
  ) => DocumentRow[];
};

const columnsOf = ({ content, metadata, embeddings }: Reading): string =>
  [
    "id, version, deleted, place, rowid AS row, type, created_at, updated_at, schema_version",
    content ? "content" : "NULL AS content",
    metadata ? "metadata" : "NULL AS metadata",
    embeddings ? "embeddings" : "NULL AS embeddings",
  ].join(", ");

export const createStoreReader = (database: Database): StoreReader => {
  const begin = database.prepare("BEGIN");
  const commit = database.prepare("COMMIT");
  const selectDataVersion = database.prepare<[], number>("PRAGMA data_version").pluck();
  const selectChanges = database.prepare<[], number>("SELECT total_changes()").pluck();
  const contexts = prepareOne<StoredRow>(database, storedColumns);
  const embeddings = prepareOne<Pick<DocumentRow, "embeddings">>(database, "embeddings");
  const selectPosition = database
    .prepare<[string], number>("SELECT position FROM tenants WHERE tenant = ?")
    .pluck();
  const selectStamp = database.prepare<[string, number], ChangeStamp>(
    "SELECT position, write, at FROM changes WHERE tenant = ? AND position = ?",
  );
  const selectChanged = database
    .prepare<[string, number, number, string], string>(
      "SELECT DISTINCT id FROM changes WHERE tenant = ? AND position > ? AND position <= ? AND component = ?",
    )
    .pluck();

  const selectLastRewrite = database
    .prepare<[string, string], number>(
      "SELECT coalesce(max(sequence), 0) FROM rewrites WHERE tenant = ? AND component = ?",
    )
    .pluck();
  const selectWhole = database
    .prepare<[string, string, number], number>(
      `SELECT EXISTS (SELECT 1 FROM rewrites
         WHERE tenant = ? AND component = ? AND sequence > ? AND places IS NULL)`,
    )
    .pluck();
  const selectRewrite = database.prepare<[string, string, number], RewriteRow>(
    `SELECT sequence, tenant, component, places FROM rewrites
     WHERE tenant = ? AND component = ? AND sequence > ? ORDER BY sequence LIMIT 1`,
  );
  const selectPlaced = database
    .prepare<[string, string, string], string>(
      `SELECT c.id FROM json_each(?) p CROSS JOIN contexts c INDEXED BY contexts_by_place ON c.place = p.value
       WHERE c.tenant = ? AND c.component = ? AND c.deleted = 0`,
    )
    .pluck();

  // Rows as arrays are read faster, and these are as many as there are contexts.
  const selectEmbeddings = database
    .prepare<[string, string, number, number], EmbeddingRow>(
      `SELECT id, version, place, embeddings FROM contexts INDEXED BY contexts_by_place
       WHERE tenant = ? AND component = ? AND deleted = 0 AND place > ? ORDER BY place LIMIT ?`,
    )
    .raw();

  const prepare = (columns: string) => ({
    one: prepareOne<DocumentRow>(database, columns),
    page: database.prepare<[string, string, number, number, number], DocumentRow>(
      `SELECT ${columns} FROM contexts INDEXED BY contexts_by_place
       WHERE tenant = ? AND component = ? AND deleted = 0 AND place > ? AND place <= ? ORDER BY place LIMIT ?`,
    ),
  });
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const statements = (reading: Reading): ReturnType<typeof prepare> => {
    const columns = columnsOf(reading);
    const known = prepared.get(columns) ?? prepare(columns);
    prepared.set(columns, known);
    return known;
  };

  return {
    together: (work) => {
      if (database.inTransaction) return work();
      begin.run();
      try {
        return work();
      } finally {
        if (database.inTransaction) commit.run();
      }
    },
    moment: () => ({ dataVersion: selectDataVersion.get() ?? 0, changes: selectChanges.get() ?? 0 }),
    lastPosition: (tenant) => selectPosition.get(tenant) ?? 0,
    stampAt: (tenant, position) => (position === 0 ? beginning : selectStamp.get(tenant, position)),
    lastRewrite: ({ tenant, component }) => selectLastRewrite.get(tenant, component) ?? 0,
    isRewritten: ({ tenant, component }, after) => selectWhole.get(tenant, component, after) === 1,
    nextRewrite: ({ tenant, component }, after) => {
      const row = selectRewrite.get(tenant, component, after);
      if (!row) return undefined;
      const ids = row.places === null ? undefined : selectPlaced.all(row.places, tenant, component);
      return { rewrite: row.sequence, ids };
    },
    changed: ({ tenant, component }, after, upTo) => selectChanged.all(tenant, after, upTo, component),
    document: (key, id, reading, row) => statements(reading).one(key, id, row),
    embedding: (key, id, row) => embeddings(key, id, row)?.embeddings ?? undefined,
    context: (key, id, row) => toStored(contexts(key, id, row)),
    embeddings: ({ tenant, component }, after, limit) =>
      selectEmbeddings.all(tenant, component, after, limit),
    documents: ({ tenant, component }, after, upTo, limit, reading) =>
      statements(reading).page.all(tenant, component, after, upTo, limit),
  };
};
