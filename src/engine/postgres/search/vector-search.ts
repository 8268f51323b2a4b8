import { stopwatch } from "../../../base/clock.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { PlanStep } from "../../../model/context-store.ts";
import type { Candidate, SearchQuery } from "../../engine.ts";
import { realArray } from "../binary-array.ts";
import { numberOf, textOf } from "../rows.ts";
import type { Run } from "../session.ts";
import { type Row, type Statement, type Step, statement } from "../trip.ts";
import { conditionAfter, createShapes, type Fits } from "./fits.ts";
import type { Kept } from "./kept.ts";
import { unitVector } from "./vector-rows.ts";
import {
  eitherStatement,
  exactStatement,
  indexNameOf,
  selectIndex,
  type VectorPlace,
  vectorParameters,
} from "./vector-statements.ts";

export type VectorSearch = (
  query: SearchQuery & { readonly vector: Float32Array },
  fits: Fits | undefined,
) => Promise<{ readonly candidates: readonly Candidate[]; readonly plan: readonly PlanStep[] }>;

/** How long it is taken for true whether an index is there. */
const indexKnownMilliseconds = 10_000;

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
const mostEffort = 1_000;

const toCandidates = (rows: readonly Row[]): Candidate[] =>
  rows.map((row) => ({ id: textOf(row, 0), version: numberOf(row, 1), score: -numberOf(row, 2) }));

/** @param schema quoted */
export const createVectorSearch = (schema: string, { place, read }: Run, kept: Kept): VectorSearch => {
  const shapes = createShapes();
  const indexed = new Map<string, { readonly there: boolean; readonly at: number }>();

  const isIndexed = async (tenant: string, name: string): Promise<boolean> => {
    const known = indexed.get(name);
    if (known && stopwatch() - known.at < indexKnownMilliseconds) return known.there;
    const [[row] = []] = await read(tenant, [{ statement: findIndex, values: [`${schema}.vectors`, name] }]);
    const there = row?.[0] === "t";
    indexed.set(name, { there, at: stopwatch() });
    return there;
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
    const { tenant, limit, vector } = query;
    const effort = String(Math.min(Math.max(2 * limit, leastEffort), mostEffort));
    const condition = conditionAfter(vectorParameters, fits);
    const text = fits && condition.text;
    const values = [
      tenant,
      realArray([unitVector(vector)]),
      String(limit),
      String(limits.comparedVectors),
      ...condition.values,
    ];
    const ask = async (asked: Statement): Promise<Row[]> => {
      const steps: Step[] = [
        { statement: settings, values: [effort] },
        { statement: asked, values },
      ];
      return (await read(tenant, steps))[1] ?? [];
    };
    const answer = (rows: readonly Row[]): Awaited<ReturnType<VectorSearch>> => {
      const way = rows[0]?.[3] ?? "exact";
      const compared = rows[0]?.[4];
      const step: PlanStep = { part: "vector", way, ...(compared != null && { contexts: Number(compared) }) };
      return { candidates: toCandidates(rows), plan: [step] };
    };

    const exact = shapes(exactStatement(of, text));
    if (!(await isIndexed(tenant, indexNameOf(of)))) return answer(await ask(exact));
    const rows = await ask(shapes(eitherStatement(of, text)));
    // The index gives up after a while: whether there are more that fit is found out one by one.
    const isShort = rows.length < limit && rows[0]?.[3] !== "exact";
    return answer(isShort ? await ask(exact) : rows);
  };
};
