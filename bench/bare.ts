import type { Database } from "better-sqlite3-multiple-ciphers";
import { systemClock } from "../src/base/clock.ts";
import { newId } from "../src/base/ids.ts";
import { connect } from "../src/engine/sqlite/connection/connection.ts";
import { names } from "./measure.ts";
import { Note, type Sample } from "./samples.ts";
import { type Side, weigh } from "./side.ts";

const tenant = "default";
const component = Note.name;
const actor = "anonymous";

type Row = {
  readonly type: "note";
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly content: string;
  readonly metadata: string;
  readonly embeddings: Buffer;
};

const columns = "type, version, created_at, updated_at, content, metadata, embeddings";
const keyed = "tenant = ? AND component = ? AND id = ? AND deleted = 0";

/** The context that a user's own code would make of a row. */
const toContext = (id: string, row: Row): Sample & { version: number; createdAt: Date; updatedAt: Date } => ({
  id,
  type: row.type,
  content: JSON.parse(row.content),
  embeddings: new Float32Array(new Uint8Array(row.embeddings).buffer),
  metadata: JSON.parse(row.metadata),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
  version: row.version,
});

export type Bare = Side & {
  /** The select alone: nothing is parsed or copied. */
  readonly selectEach: (ids: readonly string[]) => Promise<number>;
};

/**
 * Prepared statements of the same driver on the same tables with the same pragmas and encryption: the rows
 * that Contextbase writes, without its checks, its version control, its queue and its cache.
 */
export const openBare = (path: string, key: Uint8Array): Bare => {
  const database = connect({ path, key }, 5_000);
  const rows = prepareRows(database);
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const select = database.prepare<[string, string, string], Row>(
    `SELECT ${columns} FROM contexts WHERE ${keyed}`,
  );

  /** @param each whether each sample is a write of its own, as single puts are; a batch is one write */
  const transaction = (samples: readonly Sample[], each: boolean): void => {
    begin.run();
    if (each) for (const sample of samples) rows.write([sample]);
    else rows.write(samples);
    rows.finish();
    commit.run();
  };

  return {
    name: names.bare,
    putEach: async (samples) => {
      for (const sample of samples) transaction([sample], true);
    },
    putTogether: async (samples) => transaction(samples, true),
    load: async (batches) => {
      for (const batch of batches) transaction(batch, false);
    },
    getEach: async (ids) => {
      let sum = 0;
      for (const id of ids) {
        const row = select.get(tenant, component, id);
        if (row) sum += weigh(toContext(id, row));
      }
      return sum;
    },
    selectEach: async (ids) => {
      let sum = 0;
      for (const id of ids) sum += select.get(tenant, component, id)?.content.length ?? 0;
      return sum;
    },
    get: async (id) => {
      const row = select.get(tenant, component, id);
      if (!row) return undefined;
      const { type, content, metadata, embeddings } = toContext(id, row);
      return { id, type, content, metadata, embeddings };
    },
    close: async () => {
      database.close();
    },
  };
};

type Rows = {
  /** The rows of one write: a context and a change for each sample, and a write id. */
  readonly write: (samples: readonly Sample[]) => void;
  /** The tenant's position, once for a transaction. */
  readonly finish: () => void;
};

const prepareRows = (database: Database): Rows => {
  const insertContext = database.prepare(
    `INSERT INTO contexts (tenant, component, id, version, deleted, place, type, schema_version, created_at,
      updated_at, actor, content, metadata, embeddings) VALUES (?, ?, ?, 1, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
  );
  const insertChange = database.prepare(
    `INSERT INTO changes (tenant, position, operation, component, id, type, version, at, actor, write)
     VALUES (?, ?, 'store', ?, ?, ?, 1, ?, ?, ?)`,
  );
  const insertWrite = database.prepare(
    "INSERT INTO writes (tenant, write, position, count) VALUES (?, ?, ?, ?)",
  );
  const setPosition = database.prepare(
    "INSERT INTO tenants (tenant, position) VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position",
  );
  let position = 0;

  const write = (samples: readonly Sample[]): void => {
    const now = systemClock();
    const id = newId();
    for (const sample of samples) {
      const { type, content, metadata, embeddings } = sample;
      const bytes = new Uint8Array(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength);
      const texts = [JSON.stringify(content), JSON.stringify(metadata)] as const;
      position++;
      insertContext.run(tenant, component, sample.id, position, type, now, now, actor, ...texts, bytes);
      insertChange.run(tenant, position, component, sample.id, type, now, actor, id);
    }
    insertWrite.run(tenant, id, position, samples.length);
  };

  return { write, finish: () => setPosition.run(tenant, position) };
};
