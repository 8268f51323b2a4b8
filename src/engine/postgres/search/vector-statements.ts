import { escapeLiteral } from "pg";
import type { Indexing } from "../../../model/indexing.ts";
import { storedColumns } from "../connection/rows.ts";
import type { Filtering } from "../finding/fits.ts";

/**
 * How the nearest vectors are asked for. Parameters: $1 the tenant, $2 the vector as real[], $3 how many, $4 up to how
 * many that fit are compared one by one; then those of the condition, and those of the check where both are asked for. The component stands in the text: an index of
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

/**
 * How many fit, up to $4 and one more, and the places of those. An array is looked up in one go through the index.
 */
const gathered = (places: string): string =>
  `fit AS MATERIALIZED (SELECT array_agg(place) AS places, count(*) AS n FROM (${places} LIMIT $4::int8 + 1) p)`;

/** Compares every vector, or every one that fits, where no more do than are to be compared. */
const everyOne = (place: VectorPlace, fits: boolean): string => {
  const among = fits ? "AND v.place = ANY ((SELECT places FROM fit)::int8[])" : "";
  return `
    SELECT e.*, 'exact' AS way FROM (
      SELECT v.place, v.id, v.version, ${distance(place, "v.embedding")} AS distance FROM ${place.schema}.vectors v
      WHERE v.tenant = $1 AND ${searched(place, "v")} ${among} ORDER BY distance, v.id LIMIT $3
    ) e WHERE (SELECT n FROM fit) <= $4::int8`;
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
    SELECT place, id, version, distance, 'HNSW' AS way FROM (
      SELECT v.place, v.id, v.version, ${distance(place, embedding)} AS distance FROM ${schema}.vectors v
      WHERE v.tenant = $1 AND ${searched(place, "v")} ${check}
      ORDER BY ${distance(place, embedding)} LIMIT $3 + $3 / 4 + 3
    ) h ORDER BY distance + 0, id LIMIT $3`;
};

/**
 * What each row has, in this order; then, where contexts come along, `storedColumns`. Where it is found out how many fit,
 * there is a row to tell it though none may be near: that one has no id.
 */
export const vectorColumns = { id: 0, version: 1, distance: 2, way: 3, fitting: 4, context: 5 } as const;

/**
 * The vectors that are compared one by one, where no more fit than $4; the nearest that the index knows, whatever fits
 * (`index`); or the one or the other, whichever is quicker for so many as fit: of both, which stand in one statement,
 * the server does one. A statement of both takes longer to begin with.
 */
export type VectorWay = "exact" | "index" | "either";

export type VectorStatement = {
  readonly place: VectorPlace;
  readonly way: VectorWay;
  /** What a context must fit. */
  readonly fits: Filtering | undefined;
  /** Whether contexts are to come along. */
  readonly brings: boolean;
};

const nearestBy = ({ place, way, fits }: VectorStatement): string => {
  const exact = everyOne(place, fits !== undefined);
  if (way === "exact") return exact;
  const index = throughIndex(place, fits);
  if (way === "index") return index;
  return `(${exact}) UNION ALL SELECT * FROM (${index}) i WHERE (SELECT n FROM fit) > $4::int8`;
};

export const vectorStatement = (asks: VectorStatement): string => {
  const { place, way, fits, brings } = asks;
  const { schema, component } = place;
  const places = fits
    ? fitting(place, fits)
    : `SELECT v.place FROM ${schema}.vectors v WHERE ${ofComponent("v", component)}`;
  const counts = way !== "index";
  const found = `(${nearestBy(asks)}) n`;
  const contexts = `LEFT JOIN LATERAL (
    SELECT * FROM ${schema}.contexts c WHERE ${ofComponent("c", component)} AND c.place = n.place AND NOT c.deleted OFFSET 0
  ) c ON true`;
  return `
  WITH ${asked(place)}${counts ? `, ${gathered(places)}` : ""}
  SELECT n.id, n.version, n.distance, n.way, ${counts ? "fit.n" : "NULL"}${brings ? `, ${storedColumns("c")}` : ""}
  FROM ${counts ? `fit LEFT JOIN ${found} ON true` : found} ${brings ? contexts : ""}
  ${counts ? "" : "WHERE $4::int8 IS NOT NULL"} ORDER BY n.distance, n.id`;
};
