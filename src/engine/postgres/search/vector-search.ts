import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import { type PlanStep, searchByTextAlone } from "../../../model/searching.ts";
import type { Candidate, SearchQuery } from "../../engine.ts";
import { realArray } from "../connection/binary-array.ts";
import { numberOf, textOf, toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, type Step, statement } from "../connection/trip.ts";
import { createShapes, type Fits, filteringAfter } from "../finding/fits.ts";
import type { Kept } from "../indexing/kept.ts";
import { unitVector } from "../indexing/vector-rows.ts";
import { createRecent } from "./recent.ts";
import { createIndexSizes } from "./vector-index-sizes.ts";
import {
  type VectorPlace,
  type VectorWay,
  vectorColumns,
  vectorParameters,
  vectorStatement,
} from "./vector-statements.ts";

export type VectorSearch = (
  query: SearchQuery & { readonly vector: Float32Array },
  fits: Fits | undefined,
) => Promise<{ readonly candidates: readonly Candidate[]; readonly plan: readonly PlanStep[] }>;

/** How long it is taken for true that more fit than are compared one by one. */
const knownMilliseconds = 30_000;

/**
 * Up to how many that fit are compared one by one. To look each of F up and compare it takes about 1.3 µs; the index,
 * of N vectors, comes on k that fit after k × N / F others, walks on over four times as many to be sure of them, and
 * takes about 14 µs over each.
 */
const mostCompared = (indexed: number, limit: number): number =>
  Math.min(Math.ceil(Math.sqrt(45 * limit * Math.max(indexed, 10_000))), limits.comparedVectors);

const anyNumber = Number.MAX_SAFE_INTEGER;

/**
 * An index of pgvector finds so many nearest ones before anybody asks who fits, and goes on from there, up to so many,
 * as long as too few fit. Sorting is made dear, so that the index is used whatever the planner knows of the tables.
 */
const settings = statement(`
  SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', $1, true),
    set_config('hnsw.max_scan_tuples', '20000', true), set_config('hnsw.scan_mem_multiplier', '8', true),
    set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)`);

const leastEffort = 100;
/** For each that is asked for under a filter: what the index finds later, by going on, it finds less surely. */
const filteredEffort = 40;
const mostEffort = 1_000;

const toCandidate = (component: string, row: Row): Candidate => ({
  id: textOf(row, vectorColumns.id),
  version: numberOf(row, vectorColumns.version),
  score: -numberOf(row, vectorColumns.distance),
  ...(row[vectorColumns.context] != null && {
    context: toStored(component, row.slice(vectorColumns.context)),
  }),
});

/** What a statement told: the rows of what is near, and how many fit, where that was found out. */
type Told = { readonly rows: readonly Row[]; readonly fitting: number | undefined };

const toTold = (rows: readonly Row[]): Told => {
  const fitting = rows[0]?.[vectorColumns.fitting];
  return {
    rows: rows.filter((row) => row[vectorColumns.id] != null),
    fitting: fitting == null ? undefined : Number(fitting),
  };
};

/** @param schema quoted */
export const createVectorSearch = (schema: string, { place, read }: Run, kept: Kept): VectorSearch => {
  const shapes = createShapes();
  const many = createRecent<true>(knownMilliseconds);
  const sizeOf = createIndexSizes(schema, read);

  const placeFor = ({ component, text }: SearchQuery): VectorPlace => {
    const types = kept.types();
    const indexing = kept.of(component);
    if (types !== undefined && indexing) return { schema, types, component, indexing };
    const message = `${place} keeps no vectors. As an administrator: CREATE EXTENSION vector (0.8 or newer); then run contextbase update as the owner, and open the store anew.`;
    const told = text === undefined ? message : `${message} ${searchByTextAlone}`;
    throw new ContextbaseError("storage_unavailable", told, { details: { place } });
  };

  return async (query, fits) => {
    const of = placeFor(query);
    const { tenant, component, limit, vector, brings = false } = query;
    const { dimensions = 0, tag } = of.indexing;
    const indexed = await sizeOf(tenant, { component, dimensions, tag });
    const filtering = fits && filteringAfter(vectorParameters, fits);
    const name = [component, dimensions, tag, filtering?.of, filtering?.condition, filtering?.check].join(
      "\0",
    );
    const unit = realArray([unitVector(vector)]);
    const wanted = (fits ? filteredEffort : 2) * limit;
    const effort = String(Math.min(Math.max(wanted, leastEffort), mostEffort));

    const ask = async (way: VectorWay, most: number): Promise<Told> => {
      const text = (): string => vectorStatement({ place: of, way, fits: filtering, brings });
      const values = [tenant, unit, String(limit), String(most), ...(filtering?.values ?? [])];
      const steps: Step[] = [
        { statement: settings, values: [effort] },
        {
          statement: shapes(`${way}\0${brings}\0${name}`, text),
          values: way === "exact" ? values : [...values, ...(filtering?.checkValues ?? [])],
        },
      ];
      return toTold((await read(tenant, steps))[1] ?? []);
    };
    const answer = ({ rows, fitting }: Told): Awaited<ReturnType<VectorSearch>> => {
      const way = rows[0]?.[vectorColumns.way] ?? "exact";
      const contexts = way === "exact" ? fitting : undefined;
      return {
        candidates: rows.map((row) => toCandidate(component, row)),
        plan: [{ part: "vector", way, ...(contexts !== undefined && { contexts }) }],
      };
    };

    if (indexed === undefined) return answer(await ask("exact", anyNumber));
    const most = mostCompared(indexed, limit);
    const asked = JSON.stringify([tenant, name]);
    if (!many.of(asked)) {
      const told = await ask("exact", most);
      if ((told.fitting ?? 0) <= most) return answer(told);
      many.note(asked, true);
    }
    const told = await ask(fits ? "either" : "index", most);
    const isExact = told.rows[0]?.[vectorColumns.way] === "exact";
    // The index gives up after a while: whether there are more that fit is found out one by one.
    return answer(told.rows.length < limit && !isExact ? await ask("exact", anyNumber) : told);
  };
};
