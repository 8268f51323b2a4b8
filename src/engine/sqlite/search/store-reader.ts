import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Key } from "../../engine.ts";

/** A place in a tenant's change log, and what stands there, so that another log is told from this one. */
export type Stamp = { readonly position: number; readonly write: string; readonly at: number };

/** Before the first change. */
export const beginning: Stamp = { position: 0, write: "", at: 0 };

/** What stands of a context; what the reader was not made to read is null. */
export type DocumentRow = {
  readonly id: string;
  readonly version: number;
  readonly deleted: number;
  readonly place: number;
  readonly type: string;
  readonly created_at: number;
  readonly updated_at: number;
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
  readonly lastPosition: (tenant: string) => number;
  readonly stampAt: (tenant: string, position: number) => Stamp | undefined;
  /** Ids of a component that were changed after a position, up to another. */
  readonly changed: (key: Key, after: number, upTo: number) => string[];
  readonly document: (key: Key, id: string, reading: Reading) => DocumentRow | undefined;
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
    "id, version, deleted, place, type, created_at, updated_at",
    content ? "content" : "NULL AS content",
    metadata ? "metadata" : "NULL AS metadata",
    embeddings ? "embeddings" : "NULL AS embeddings",
  ].join(", ");

export const createStoreReader = (database: Database): StoreReader => {
  const begin = database.prepare("BEGIN");
  const commit = database.prepare("COMMIT");
  const selectPosition = database
    .prepare<[string], number>("SELECT position FROM tenants WHERE tenant = ?")
    .pluck();
  const selectStamp = database.prepare<[string, number], Stamp>(
    "SELECT position, write, at FROM changes WHERE tenant = ? AND position = ?",
  );
  const selectChanged = database
    .prepare<[string, number, number, string], string>(
      "SELECT DISTINCT id FROM changes WHERE tenant = ? AND position > ? AND position <= ? AND component = ?",
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
    one: database.prepare<[string, string, string], DocumentRow>(
      `SELECT ${columns} FROM contexts WHERE tenant = ? AND component = ? AND id = ?`,
    ),
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
    lastPosition: (tenant) => selectPosition.get(tenant) ?? 0,
    stampAt: (tenant, position) => (position === 0 ? beginning : selectStamp.get(tenant, position)),
    changed: ({ tenant, component }, after, upTo) => selectChanged.all(tenant, after, upTo, component),
    document: ({ tenant, component }, id, reading) => statements(reading).one.get(tenant, component, id),
    embeddings: ({ tenant, component }, after, limit) =>
      selectEmbeddings.all(tenant, component, after, limit),
    documents: ({ tenant, component }, after, upTo, limit, reading) =>
      statements(reading).page.all(tenant, component, after, upTo, limit),
  };
};
