import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { PlanStep } from "../../../model/searching.ts";
import type { Candidate, SearchQuery } from "../../engine.ts";
import { realArray } from "../binary-array.ts";
import { numberOf, textOf, toStored } from "../rows.ts";
import type { Run } from "../session.ts";
import { type Row, type Step, statement, type Value } from "../trip.ts";
import { createShapes, type Fits, filteringAfter } from "./fits.ts";
import type { Kept } from "./kept.ts";
import { createRecent } from "./recent.ts";
import { unitVector } from "./vector-rows.ts";
import {
  eitherStatement,
  exactStatement,
  indexedStatement,
  indexNameOf,
  selectIndex,
  type VectorPlace,
  vectorColumns,
  vectorParameters,
} from "./vector-statements.ts";

export type VectorSearch = (
  query: SearchQuery & { readonly vector: Float32Array },
  fits: Fits | undefined,
) => Promise<{ readonly candidates: readonly Candidate[]; readonly plan: readonly PlanStep[] }>;

/** How long it is taken for true how large an index is, and a tenant. */
const knownMilliseconds = 30_000;

/**
 * Up to how many that fit are compared one by one. To look each of F up and compare it takes about 3 µs; the index, of N
 * vectors, comes on k that fit after k × N / F others, walks on to be sure of them, and takes about 15 µs over each.
 */
const mostCompared = (indexed: number, limit: number): number =>
  Math.min(Math.ceil(Math.sqrt(20 * limit * Math.max(indexed, 10_000))), limits.comparedVectors);

/**
 * An index of pgvector finds so many nearest ones before anybody asks who fits, and goes on from there, up to so many,
 * as long as too few fit. Sorting is made dear, so that the index is used whatever the planner knows of the tables.
 */
const settings = statement(`
  SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', $1, true),
    set_config('hnsw.max_scan_tuples', '20000', true), set_config('hnsw.scan_mem_multiplier', '8', true),
    set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`);

const findIndex = statement(selectIndex);

const leastEffort = 100;
/** For each that is asked for under a filter: what the index finds later, by going on, it finds less surely. */
const filteredEffort = 40;
const mostEffort = 1_000;

const toCandidate = (component: string, row: Row): Candidate => ({
  id: textOf(row, vectorColumns.id),
  version: numberOf(row, vectorColumns.version),
  score: -numberOf(row, vectorColumns.distance),
  ...(row.length > vectorColumns.context && {
    context: toStored(component, row.slice(vectorColumns.context)),
  }),
});

/** @param schema quoted */
export const createVectorSearch = (schema: string, { place, read }: Run, kept: Kept): VectorSearch => {
  const shapes = createShapes();
  const indexes = createRecent<number | undefined>(knownMilliseconds);
  const large = createRecent<boolean>(knownMilliseconds);

  /** How many vectors the index holds; undefined where there is none. */
  const indexedVectors = async (tenant: string, name: string): Promise<number | undefined> => {
    const known = indexes.of(name);
    if (known) return known.value;
    const values = [`${schema}.vectors`, name];
    const [[row] = []] = await read(tenant, [{ statement: findIndex, values }]);
    const count = row?.[0] == null ? undefined : Number(row[0]);
    indexes.note(name, count);
    return count;
  };

  const placeFor = ({ component }: SearchQuery): VectorPlace => {
    const types = kept.types();
    const indexing = kept.of(component);
    if (types !== undefined && indexing) return { schema, types, component, indexing };
    const message = `${place} keeps no vectors. As an administrator: CREATE EXTENSION vector (0.8 or newer); then run contextbase update as the owner, and open the store anew.`;
    throw new ContextbaseError("storage_unavailable", message, { details: { place } });
  };

  return async (query, fits) => {
    const of = placeFor(query);
    const { tenant, component, limit, vector } = query;
    const indexed = await indexedVectors(tenant, indexNameOf(of));
    const filtering = fits && filteringAfter(vectorParameters, fits);
    const values = [
      tenant,
      realArray([unitVector(vector)]),
      String(limit),
      String(mostCompared(indexed ?? 0, limit)),
      ...(filtering?.values ?? []),
    ];
    const wanted = (fits ? filteredEffort : 2) * limit;
    const effort = String(Math.min(Math.max(wanted, leastEffort), mostEffort));
    const ask = async (text: string, values: readonly Value[]): Promise<Row[]> => {
      const steps: Step[] = [
        { statement: settings, values: [effort] },
        { statement: shapes(text), values },
      ];
      return (await read(tenant, steps))[1] ?? [];
    };
    const answer = (rows: readonly Row[]): Awaited<ReturnType<VectorSearch>> => {
      const way = rows[0]?.[vectorColumns.way] ?? "exact";
      const compared = rows[0]?.[vectorColumns.compared];
      const step: PlanStep = { part: "vector", way, ...(compared != null && { contexts: Number(compared) }) };
      return { candidates: rows.map((row) => toCandidate(component, row)), plan: [step] };
    };

    const asked = { place: of, fits: filtering, brings: query.brings === true };
    const exact = exactStatement(asked);
    if (indexed === undefined) return answer(await ask(exact, values));
    const name = JSON.stringify([tenant, component]);
    const isLarge = fits === undefined && large.of(name)?.value === true;
    const rows = isLarge
      ? await ask(indexedStatement(asked), values)
      : await ask(eitherStatement(asked), [...values, ...(filtering?.checkValues ?? [])]);
    const isExact = rows[0]?.[vectorColumns.way] === "exact";
    if (fits === undefined && !isLarge) large.note(name, !isExact);
    // The index gives up after a while: whether there are more that fit is found out one by one.
    return answer(rows.length < limit && !isExact ? await ask(exact, values) : rows);
  };
};
