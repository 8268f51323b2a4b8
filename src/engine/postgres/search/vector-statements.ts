import { escapeLiteral } from "pg";
import type { Indexing } from "../../../model/indexing.ts";
import { storedColumns } from "../rows.ts";
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

const ofComponent = (table: string, component: string): string =>
  `${table}.tenant = $1 AND ${table}.component = ${escapeLiteral(component)}`;

/** Places of contexts that fit; key rows are of current contexts alone. */
const fitting = ({ schema, component }: VectorPlace, { of, condition }: Filtering): string =>
  of === "keys"
    ? `SELECT k.place FROM ${schema}.keys k WHERE true ${condition}`
    : `SELECT c.place FROM ${schema}.contexts c
      WHERE ${ofComponent("c", component)} AND NOT c.deleted ${condition}`;

/** Whether the context of a vector `v` fits; not to be joined, so that the order of the index stays. */
const checking = ({ schema, component }: VectorPlace, { of, check }: Filtering): string =>
  of === "keys"
    ? `AND EXISTS (SELECT FROM ${schema}.keys k WHERE k.place = v.place ${check} OFFSET 0)`
    : `AND EXISTS (
        SELECT FROM ${schema}.contexts c
        WHERE ${ofComponent("c", component)} AND NOT c.deleted AND c.place = v.place ${check} OFFSET 0
      )`;

/** Up to $4 of them and one more are gathered in an array, which is looked up in one go through the index. */
const gathered = (places: string, most = ""): string =>
  `fit AS MATERIALIZED (SELECT array_agg(place) AS places, count(*) AS n FROM (${places} ${most}) f)`;

/** Compares every vector, or every one that fits. */
const everyOne = (place: VectorPlace, fits: boolean): string => {
  const among = fits ? "AND v.place = ANY ((SELECT places FROM fit)::int8[])" : "";
  return `
    SELECT v.place, v.id, v.version, ${distance(place, "v.embedding")} AS distance FROM ${place.schema}.vectors v
    WHERE v.tenant = $1 AND ${searched(place, "v")} ${among} ORDER BY distance, v.id LIMIT $3`;
};

/**
 * Through the graph of the index, whose order is not quite that of the distances: some more are taken, and put in order,
 * by a sum, which no order of the index is taken for. Who fits is looked up for each as it comes.
 */
const throughIndex = (place: VectorPlace, fits: Filtering | undefined): string => {
  const { schema, types, indexing } = place;
  const check = fits ? checking(place, fits) : "";
  const embedding = `v.embedding::${types}.halfvec(${indexing.dimensions ?? 0})`;
  return `
    SELECT place, id, version, distance FROM (
      SELECT v.place, v.id, v.version, ${distance(place, embedding)} AS distance FROM ${schema}.vectors v
      WHERE v.tenant = $1 AND ${searched(place, "v")} ${check}
      ORDER BY ${distance(place, embedding)} LIMIT $3 + $3 / 4 + 3
    ) n ORDER BY distance + 0, id LIMIT $3`;
};

/** What a row of each statement has, in this order; then, where they are to be brought, `storedColumns`. */
export const vectorColumns = { id: 0, version: 1, distance: 2, way: 3, compared: 4, context: 5 } as const;

/** The nearest, and their contexts in the same trip. */
const answering = ({ schema, component }: VectorPlace, nearest: string, brings: boolean): string => {
  const columns = "n.id, n.version, n.distance, n.way, n.compared";
  if (!brings) return `SELECT ${columns} FROM (${nearest}) n ORDER BY n.distance, n.id`;
  return `SELECT ${columns}, ${storedColumns("c")} FROM (${nearest}) n CROSS JOIN LATERAL (
    SELECT * FROM ${schema}.contexts c WHERE ${ofComponent("c", component)} AND c.place = n.place AND NOT c.deleted OFFSET 0
  ) c ORDER BY n.distance, n.id`;
};

export type VectorStatement = {
  readonly place: VectorPlace;
  /** What a context must fit. */
  readonly fits: Filtering | undefined;
  /** Whether contexts are to come along. */
  readonly brings: boolean;
};

/** Every one that fits, however many. */
export const exactStatement = ({ place, fits, brings }: VectorStatement): string => {
  const nearest = `
    SELECT e.*, 'exact' AS way, ${fits ? "(SELECT n FROM fit)" : "NULL"} AS compared
    FROM (${everyOne(place, fits !== undefined)}) e WHERE $4::int8 IS NOT NULL`;
  return `
  WITH ${asked(place)}${fits ? `, ${gathered(fitting(place, fits))}` : ""}
  ${answering(place, nearest, brings)}`;
};

/** What so many have, whatever fits: through the index. */
export const indexedStatement = ({ place, brings }: VectorStatement): string => {
  const nearest = `
    SELECT n.*, 'HNSW' AS way, NULL AS compared FROM (${throughIndex(place, undefined)}) n WHERE $4::int8 IS NOT NULL`;
  return `
  WITH ${asked(place)}
  ${answering(place, nearest, brings)}`;
};

/**
 * One by one where so few fit that this is quicker, and else through the index. Both stand in one statement, of
 * which the server does one: how many fit is known there.
 */
export const eitherStatement = ({ place, fits, brings }: VectorStatement): string => {
  const { schema, component } = place;
  const places = fits
    ? fitting(place, fits)
    : `SELECT place FROM ${schema}.vectors v WHERE ${ofComponent("v", component)}`;
  const nearest = `
    SELECT e.*, 'exact' AS way, (SELECT n FROM fit) AS compared FROM (${everyOne(place, fits !== undefined)}) e
      WHERE (SELECT n FROM fit) <= $4::int8
    UNION ALL SELECT n.*, 'HNSW', NULL FROM (${throughIndex(place, fits)}) n
      WHERE (SELECT n FROM fit) > $4::int8`;
  return `
  WITH ${asked(place)}, ${gathered(places, "LIMIT $4::int8 + 1")}
  ${answering(place, nearest, brings)}`;
};

/** How many vectors an index of this name on the table $1 holds, or those of its parts; NULL where there is none. */
export const selectIndex = `
  SELECT sum(greatest(i.reltuples, 0))::int8 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  WHERE x.indisvalid AND starts_with(i.relname::text, $2) AND x.indrelid IN (
    SELECT to_regclass($1) UNION ALL SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1)
  )`;

export const indexNameOf = ({ component, indexing }: VectorPlace): string =>
  indexName(component, indexing.dimensions ?? 0, indexing.tag);
