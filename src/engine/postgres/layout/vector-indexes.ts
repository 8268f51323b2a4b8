import { type Client, escapeIdentifier } from "pg";
import type { RegisteredComponent } from "../../port/records.ts";
import { toIndexing } from "../../to-indexing.ts";
import { type IndexedVectors, indexName, makeVectorIndex } from "./vector-index.ts";
import { selectPgvector } from "./vector-table.ts";

/** What `contextbase update` makes of pgvector, by the owner of the tables. */
export type VectorWishes = {
  /** Whether the table of vectors is to be made: pgvector is there, the table is not. */
  readonly table: boolean;
  /** Components whose vectors lack their index. */
  readonly indexes: readonly IndexedVectors[];
};

/** The components whose vectors are searched: those that are given, and those that the store knows. */
const withVectors = async (
  client: Client,
  schema: string,
  given: readonly RegisteredComponent[],
  isStore: boolean,
): Promise<IndexedVectors[]> => {
  const { rows } = isStore
    ? await client.query<RegisteredComponent>(
        `SELECT DISTINCT ON (component) component AS name, schema_version AS "schemaVersion", description
         FROM ${schema}.components ORDER BY component, opened DESC`,
      )
    : { rows: [] };
  const byName = new Map([...rows, ...given].map((component) => [component.name, component]));
  return [...byName.values()].flatMap((component) => {
    const { dimensions, tag } = toIndexing(component);
    return dimensions === undefined ? [] : [{ component: component.name, dimensions, tag }];
  });
};

/** @param schema quoted; `isStore`: whether its tables are there */
export const wishVectors = async (
  client: Client,
  schema: string,
  given: readonly RegisteredComponent[],
  isStore: boolean,
): Promise<VectorWishes> => {
  const { rows: pgvector } = await client.query(selectPgvector);
  if (pgvector.length === 0) return { table: false, indexes: [] };
  const wanted = await withVectors(client, schema, given, isStore);
  const { rows: indexes } = await client.query<{ name: string }>(
    `SELECT i.relname AS name FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
     WHERE i.relnamespace = to_regnamespace($1) AND x.indisvalid`,
    [schema],
  );
  const { rows: tables } = await client.query("SELECT to_regclass($1) AS there", [`${schema}.vectors`]);
  const lacks = ({ component, dimensions, tag }: IndexedVectors): boolean => {
    const name = indexName(component, dimensions, tag);
    return !indexes.some((index) => index.name.startsWith(name));
  };
  return { table: tables[0]?.there === null, indexes: wanted.filter(lacks) };
};

/** In KB: a graph that does not fit into this is made many times more slowly. */
const leastMemory = 256 * 1024;

/** The table, or its parts: a divided table takes no index while others write. */
const partsOf = async (client: Client, schema: string): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_catalog.pg_class c WHERE relkind = 'r' AND (oid = to_regclass($1)
       OR oid IN (SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1)))`,
    [`${schema}.vectors`],
  );
  return rows.map(({ name }) => name);
};

/** Makes the indexes, outside of any transaction. What an earlier try left undone is made anew. */
export const makeVectorIndexes = async (
  client: Client,
  schema: string,
  indexes: readonly IndexedVectors[],
): Promise<void> => {
  if (indexes.length === 0) return;
  const { rows: pgvector } = await client.query<{ nspname: string }>(selectPgvector);
  const types = escapeIdentifier(pgvector[0]?.nspname ?? "public");
  await client.query(
    `SELECT set_config('maintenance_work_mem', greatest(setting::int8, ${leastMemory})::text, false)
     FROM pg_catalog.pg_settings WHERE name = 'maintenance_work_mem'`,
  );
  for (const part of await partsOf(client, schema)) {
    const suffix = part === "vectors" ? "" : part.slice("vectors".length);
    for (const one of indexes) {
      const { name, sql } = makeVectorIndex(types, `${schema}.${escapeIdentifier(part)}`, suffix, one);
      const { rows: broken } = await client.query(
        `SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
         WHERE i.relnamespace = to_regnamespace($1) AND i.relname = $2 AND NOT x.indisvalid`,
        [schema, name],
      );
      if (broken.length > 0) {
        await client.query(`DROP INDEX CONCURRENTLY ${schema}.${escapeIdentifier(name)}`);
      }
      await client.query(sql);
    }
  }
};
