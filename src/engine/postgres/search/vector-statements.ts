import { escapeLiteral } from "pg";
import type { Indexing } from "../../../model/indexing.ts";
import type { Filtering } from "./fits.ts";
import { indexName } from "./vector-index.ts";

/**
 * How the nearest vectors are asked for. Parameters: $1 the tenant, $2 the vector as real[], $3 how many, $4 up to how
 * many that fit are compared one by one; then those of the condition. The component stands in the text: an index of
 * vectors is one of a component, and would not be recognized by a parameter.
 */
export const vectorParameters = 4;

export type VectorPlace = {
  readonly schema: string;
  /** The schema of pgvector's types, quoted. */
  readonly types: string;
  readonly component: string;
  readonly indexing: Indexing;
};

/** The rows of a component that can be compared with a vector: those of its dimensions, made by its model. */
const searched = ({ component, indexing }: VectorPlace, table: string): string =>
  `${table}.component = ${escapeLiteral(component)} AND ${table}.dimensions = ${indexing.dimensions ?? 0}
      AND ${table}.tag = ${escapeLiteral(indexing.tag)}`;

const asked = ({ types, indexing }: VectorPlace): string =>
  `query AS MATERIALIZED (SELECT $2::real[]::${types}.halfvec(${indexing.dimensions ?? 0}) AS q)`;

/** Vectors have length one, so that the inner product is the cosine; pgvector gives it negated. */
const distance = ({ types }: VectorPlace, vector: string): string =>
  `(${vector} OPERATOR(${types}.<#>) (SELECT q FROM query))`;

/** Places of contexts that fit; key rows are of current contexts alone. */
const fitting = ({ schema, component }: VectorPlace, { of, condition }: Filtering): string =>
  of === "keys"
    ? `SELECT k.place FROM ${schema}.keys k WHERE true ${condition}`
    : `SELECT c.place FROM ${schema}.contexts c
      WHERE c.tenant = $1 AND c.component = ${escapeLiteral(component)} AND NOT c.deleted ${condition}`;

/** Whether the context of a vector `v` fits; not to be joined, so that the order of the index stays. */
const checking = ({ schema, component }: VectorPlace, { of, check }: Filtering): string =>
  of === "keys"
    ? `AND EXISTS (SELECT FROM ${schema}.keys k WHERE k.place = v.place ${check} OFFSET 0)`
    : `AND EXISTS (
        SELECT FROM ${schema}.contexts c WHERE c.tenant = $1 AND c.component = ${escapeLiteral(component)}
          AND NOT c.deleted AND c.place = v.place ${check} OFFSET 0
      )`;

/** Compares every vector, or every one that fits; places in an array are looked up in one go through the index. */
const everyOne = (place: VectorPlace, fits: boolean): string => {
  const { schema, component } = place;
  const among = fits ? "AND v.place = ANY (ARRAY(SELECT place FROM fit))" : "";
  return `
    SELECT v.id, v.version, ${distance(place, "v.embedding")} AS distance FROM (
      SELECT * FROM ${schema}.vectors v WHERE v.tenant = $1 AND v.component = ${escapeLiteral(component)} ${among}
      OFFSET 0
    ) v WHERE ${searched(place, "v")} ORDER BY distance, v.id LIMIT $3`;
};

/** Every one that fits, however many. */
export const exactStatement = (place: VectorPlace, fits: Filtering | undefined): string => `
  WITH ${asked(place)}${fits ? `, fit AS MATERIALIZED (${fitting(place, fits)}\n  )` : ""}
  SELECT id, version, distance, 'exact', ${fits ? "(SELECT count(*) FROM fit)" : "NULL"}
  FROM (${everyOne(place, fits !== undefined)}) e WHERE $4::int8 IS NOT NULL`;

/**
 * Through the graph of the index, whose order is not quite that of the distances: some more are taken, and put in order,
 * by a sum, which no order of the index is taken for. Who fits is looked up for each as it comes.
 */
const throughIndex = (place: VectorPlace, fits: Filtering | undefined): string => {
  const { schema, types, indexing } = place;
  const check = fits ? checking(place, fits) : "";
  const embedding = `v.embedding::${types}.halfvec(${indexing.dimensions ?? 0})`;
  return `
    SELECT id, version, distance FROM (
      SELECT v.id, v.version, ${distance(place, embedding)} AS distance FROM ${schema}.vectors v
      WHERE v.tenant = $1 AND ${searched(place, "v")} ${check}
      ORDER BY ${distance(place, embedding)} LIMIT $3 + $3 / 4 + 3
    ) n ORDER BY distance + 0, id LIMIT $3`;
};

/** What so many have, whatever fits: through the index. */
export const indexedStatement = (place: VectorPlace): string => `
  WITH ${asked(place)}
  SELECT id, version, distance, 'HNSW', NULL FROM (${throughIndex(place, undefined)}) n WHERE $4::int8 IS NOT NULL`;

/**
 * One by one where so few fit that this is quicker, and else through the index. Both stand in one statement, of
 * which the server does one: how many fit is known there.
 */
export const eitherStatement = (place: VectorPlace, fits: Filtering | undefined): string => {
  const { schema, component } = place;
  const fit =
    fits === undefined
      ? `SELECT place FROM ${schema}.vectors v WHERE v.tenant = $1 AND v.component = ${escapeLiteral(component)} LIMIT $4::int8 + 1`
      : `${fitting(place, fits)} LIMIT $4::int8 + 1`;
  return `
  WITH ${asked(place)}, fit AS MATERIALIZED (${fit}),
  counted AS MATERIALIZED (SELECT count(*) AS n FROM fit)
  SELECT id, version, distance, 'exact', (SELECT n FROM counted) FROM (${everyOne(place, fits !== undefined)}) e
    WHERE (SELECT n FROM counted) <= $4::int8
  UNION ALL SELECT id, version, distance, 'HNSW', NULL FROM (${throughIndex(place, fits)}) n
    WHERE (SELECT n FROM counted) > $4::int8`;
};

/** How many vectors an index of this name on the table $1 holds, or those of its parts; NULL where there is none. */
export const selectIndex = `
  SELECT sum(greatest(i.reltuples, 0))::int8 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  WHERE x.indisvalid AND starts_with(i.relname::text, $2) AND x.indrelid IN (
    SELECT to_regclass($1) UNION ALL SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1)
  )`;

export const indexNameOf = ({ component, indexing }: VectorPlace): string =>
  indexName(component, indexing.dimensions ?? 0, indexing.tag);
