import { Pool } from "pg";
import { systemClock } from "../../src/base/clock.ts";
import { newId } from "../../src/base/ids.ts";
import { names } from "../measure.ts";
import { Note, type Sample } from "../samples.ts";
import type { ServerSide } from "./side.ts";

const tenant = "default";
const component = Note.name;
const actor = "anonymous";

/** As many as Contextbase has where nobody says otherwise. */
const connections = 10;

type Row = {
  readonly type: "note";
  /** `pg` gives a bigint as a text. */
  readonly version: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly content: string;
  readonly metadata: string;
  readonly embeddings: Buffer;
};

/** The context that a user's own code would make of a row. */
const toContext = (id: string, row: Row): Sample & { version: number; createdAt: Date; updatedAt: Date } => ({
  id,
  type: row.type,
  content: JSON.parse(row.content),
  embeddings: new Float32Array(new Uint8Array(row.embeddings).buffer),
  metadata: JSON.parse(row.metadata),
  createdAt: new Date(Number(row.created_at)),
  updatedAt: new Date(Number(row.updated_at)),
  version: Number(row.version),
});

const selectOf = (schema: string): string => `
  SELECT type, version, created_at, updated_at, content, metadata, embeddings FROM ${schema}.contexts
  WHERE tenant = '${tenant}' AND component = '${component}' AND id = $1 AND NOT deleted`;

/** The rows of new contexts, each a write of its own, as one statement and so one transaction. */
const insertOf = (schema: string): string => `
  WITH tenant AS (
    UPDATE ${schema}.tenants SET position = position + cardinality($2::text[]) WHERE tenant = '${tenant}'
    RETURNING tenant, position - cardinality($2::text[]) AS before
  ),
  input AS (
    SELECT tenant, before + ord AS position, i.* FROM tenant CROSS JOIN
      unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[]) WITH ORDINALITY
        AS i (id, type, content, metadata, embeddings, write, ord)
  ),
  changed AS (
    INSERT INTO ${schema}.changes (tenant, position, operation, component, id, type, version, at, actor, write)
    SELECT tenant, position, 'store', '${component}', id, type, 1, $1::bigint, '${actor}', write FROM input
  ),
  written AS (
    INSERT INTO ${schema}.writes (tenant, write, position, count) SELECT tenant, write, position, 1 FROM input
  )
  INSERT INTO ${schema}.contexts (tenant, component, id, version, deleted, place, type, schema_version, created_at,
    updated_at, actor, content, metadata, embeddings)
  SELECT tenant, '${component}', id, 1, false, position, type, 1, $1::bigint, $1::bigint, '${actor}', content, metadata, embeddings
  FROM input`;

type Waiting = {
  readonly sample: Sample;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
};

/**
 * SQL by hand on tables of Contextbase, without row-level security: the rows that Contextbase writes, without its
 * checks and its version control.
 * @param schema where the tables are
 */
export const openBareSide = async (url: string, schema: string): Promise<ServerSide> => {
  const pool = new Pool({ connectionString: url, max: connections });
  await pool.query(`INSERT INTO ${schema}.tenants (tenant, position) VALUES ($1, 0)`, [tenant]);
  const select = { name: "select", text: selectOf(schema) };
  const insert = { name: "insert", text: insertOf(schema) };

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    const samples = batch.map(({ sample }) => sample);
    await pool.query({
      ...insert,
      values: [
        systemClock(),
        samples.map(({ id }) => id),
        samples.map(({ type }) => type),
        samples.map(({ content }) => JSON.stringify(content)),
        samples.map(({ metadata }) => JSON.stringify(metadata)),
        samples.map(({ embeddings }) =>
          Buffer.from(embeddings.buffer, embeddings.byteOffset, embeddings.byteLength),
        ),
        samples.map(() => newId()),
      ],
    });
  };

  // The tenant's counter lets one transaction in at a time, so that what comes meanwhile can as well go together.
  let waiting: Waiting[] = [];
  let writing = false;
  const writeAll = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      // What is put in one turn of the event loop goes together.
      await new Promise(setImmediate);
      const batch = waiting;
      waiting = [];
      try {
        await write(batch);
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        for (const { reject } of batch) reject(cause);
      }
    }
    writing = false;
  };

  return {
    name: names.bareSql,
    put: (sample) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ sample, resolve, reject });
        if (!writing) void writeAll();
      }),
    get: async (id) => {
      const { rows } = await pool.query<Row>({ ...select, values: [id] });
      return rows[0] && toContext(id, rows[0]);
    },
    close: () => pool.end(),
  };
};
