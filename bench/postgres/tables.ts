import { escapeIdentifier, Pool } from "pg";
import { updateLayout } from "../../src/engine/postgres/index.ts";

/** A role's name stands in its url. */
const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

export type Urls = { readonly owner: string; readonly app: string };

const withSchema = (url: string, schema: string): string => {
  const named = new URL(url);
  named.searchParams.set("schema", schema);
  return named.href;
};

/** Contextbase's tables as it makes them. @returns the url of the role that works in them */
export const makeTables = async ({ owner, app }: Urls, schema: string): Promise<string> => {
  await updateLayout({ url: owner, schema }, { role: roleOf(app) });
  return withSchema(app, schema);
};

/** The same tables and indexes with no row-level security; their owner is to work in them. */
export const makeBareTables = async ({ owner }: Urls, schema: string): Promise<void> => {
  await updateLayout({ url: owner, schema });
  await eachTable(
    owner,
    [schema],
    (table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY`,
  );
};

/**
 * Keeps the server from work of its own on the tables: done at some later time, it would be at the expense of
 * whichever side has its turn then. PostgresStore's index in particular puts off most of what a put costs it.
 */
export const stopAutovacuum = (url: string, schemas: readonly string[]): Promise<void> =>
  eachTable(url, schemas, (table) => `ALTER TABLE ${table} SET (autovacuum_enabled = false)`);

/** What autovacuum does within a minute. Before, a select by key may be planned through another index. */
export const analyzeTables = (url: string, schemas: readonly string[]): Promise<void> =>
  eachTable(url, schemas, (table) => `ANALYZE ${table}`);

/** The same, and which pages everybody sees whole, so that an index alone answers for their rows. */
export const vacuumTables = (url: string, schemas: readonly string[]): Promise<void> =>
  eachTable(url, schemas, (table) => `VACUUM (ANALYZE) ${table}`);

const eachTable = (
  url: string,
  schemas: readonly string[],
  statement: (table: string) => string,
): Promise<void> =>
  withPool(url, async (pool) => {
    for (const schema of schemas) {
      for (const table of await tablesOf(pool, schema)) await pool.query(statement(table));
    }
  });

export const dropSchemas = (url: string, schemas: readonly string[]): Promise<void> =>
  withPool(url, async (pool) => {
    for (const schema of schemas) {
      await pool.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`);
    }
  });

/** The number of rows of every table in a schema, as its owner sees them. */
export const countRows = (url: string, schema: string): Promise<Record<string, number>> =>
  withPool(url, async (pool) => {
    const counts: Record<string, number> = {};
    for (const table of await tablesOf(pool, schema)) {
      const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
      counts[table.slice(table.indexOf(".") + 1)] = Number(rows[0]?.count);
    }
    return counts;
  });

/** Quoted, each with its schema. */
const tablesOf = async (pool: Pool, schema: string): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_catalog.pg_tables WHERE schemaname = $1 ORDER BY 1",
    [schema],
  );
  return rows.map(({ name }) => name);
};

export const withPool = async <Result>(
  url: string,
  use: (pool: Pool) => Promise<Result>,
): Promise<Result> => {
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
};
