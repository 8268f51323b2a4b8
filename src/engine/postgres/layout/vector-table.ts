import { escapeLiteral } from "pg";
import { fence, makeTable, type TenantTable, keyText as text } from "./tenant-table.ts";

/**
 * By which places are looked up by the hundred: those that lie between are passed by with one comparison of numbers,
 * where an index that begins with the tenant compares two texts for each. @param table with its schema
 */
const makePlaceIndex = (table: string): string =>
  `CREATE INDEX IF NOT EXISTS vectors_by_place ON ${table} (place, tenant);`;

/**
 * The vector of each current context that has one that is searched, of length one, in half precision: 16 bits a
 * number change a cosine by less than 0.0001. The table is there where pgvector was when it was made.
 * @param types the schema of pgvector's types
 */
const vectorTable = (types: string): TenantTable => ({
  name: "vectors",
  columns: `
    tenant ${text}, component ${text}, place bigint NOT NULL, id ${text}, version bigint NOT NULL,
    dimensions integer NOT NULL, tag ${text}, embedding ${types}.halfvec NOT NULL,
    PRIMARY KEY (tenant, component, place)`,
  storage: "toast_tuple_target = 8160, fillfactor = 90",
  after: (table) => `
  ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE EXTERNAL;
  ${makePlaceIndex(table)}`,
});

/** The first version that goes on looking where a filter leaves too few. */
export const leastPgvector = "0.8.0";

/** The schema of pgvector, where there is one that is new enough. */
export const selectPgvector = `
  SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  WHERE e.extname = 'vector' AND string_to_array(e.extversion, '.')::int[] >= string_to_array('${leastPgvector}', '.')::int[]`;

/** Makes the table where pgvector is and it is not yet there. @param schema quoted */
export const makeVectorTable = (schema: string, partitions: number): string => {
  const table = `${schema}.vectors`;
  const made = makeTable(schema, vectorTable("%TYPES%"), partitions) + fence(table);
  const block = `
  DECLARE types text;
  BEGIN
    SELECT quote_ident(nspname) INTO types FROM (${selectPgvector}) p;
    IF types IS NOT NULL AND to_regclass(${escapeLiteral(table)}) IS NULL THEN
      EXECUTE replace(${escapeLiteral(made)}, '%TYPES%', types);
    END IF;
  END`;
  return `\n  DO ${escapeLiteral(block)};`;
};

/** Makes what layout 3 added to the table, where that is. */
export const changeVectorTable = (schema: string): string => {
  const table = `${schema}.vectors`;
  const block = `BEGIN IF to_regclass(${escapeLiteral(table)}) IS NOT NULL THEN ${makePlaceIndex(table)} END IF; END`;
  return `\n  DO ${escapeLiteral(block)};`;
};

/** Where the table is, lets a role into it. */
export const grantVectors = (schema: string, role: string): string => {
  const table = `${schema}.vectors`;
  const block = `BEGIN IF to_regclass(${escapeLiteral(table)}) IS NOT NULL THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${role}; END IF; END`;
  return `DO ${escapeLiteral(block)};`;
};

/**
 * Parts of a WITH that put vectors where they belong. The numbers of all of them come one after another.
 * @param written what has component, place, id, version, dimensions and tag of each context that is written, and
 * `start`, where its numbers begin; NULL where it has none
 * @param numbers a real[]
 */
export const writeVectors = (schema: string, types: string, written: string, numbers: string): string => `
  unvectored AS (
    DELETE FROM ${schema}.vectors WHERE tenant = $1
      AND component = ANY (ARRAY(SELECT DISTINCT component FROM ${written} WHERE start IS NULL))
      AND place = ANY (ARRAY(SELECT place FROM ${written} WHERE start IS NULL))
  ),
  vectored AS (
    INSERT INTO ${schema}.vectors (tenant, component, place, id, version, dimensions, tag, embedding)
    SELECT $1, component, place, id, version, dimensions, tag,
      (${numbers})[start + 1 : start + dimensions]::${types}.halfvec
    FROM ${written} WHERE start IS NOT NULL
    ON CONFLICT (tenant, component, place) DO UPDATE SET version = excluded.version,
      dimensions = excluded.dimensions, tag = excluded.tag, embedding = excluded.embedding
  )`;
