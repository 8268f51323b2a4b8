import type { Context } from "../../model/context.ts";
import type { Why } from "../../model/searching.ts";
import { cosineSimilarity } from "../../search/similarity.ts";
import { subjectOf } from "../subject.ts";
import type { FusedCandidate } from "./candidates.ts";
import type { CheckedSearch } from "./search-options.ts";

/** A candidate that was read, and is current in the version that was found. */
export type FoundContext = { readonly candidate: FusedCandidate; readonly context: Context };

export type RankedContext = { readonly context: Context; readonly score: number; readonly why: Why };

/** Engines may estimate a similarity; the vector itself, which was read with the context, tells it. */
const settle = ({ candidate, context }: FoundContext, vector: Float32Array | undefined): RankedContext => {
  const { why, score } = candidate;
  if (!why.vector || !vector || context.embeddings.length !== vector.length) return { context, score, why };
  const similarity = cosineSimilarity(vector, context.embeddings);
  return { context, score, why: { ...why, vector: { ...why.vector, similarity } } };
};

/** Where nothing but the vector counts, its order is that of the similarities as they are. */
const orderBySimilarity = (ranked: readonly RankedContext[]): RankedContext[] => {
  const scores = ranked.map(({ score }) => score).sort((a, b) => b - a);
  return [...ranked]
    .sort((a, b) => (b.why.vector?.similarity ?? 0) - (a.why.vector?.similarity ?? 0) || compareIds(a, b))
    .map(({ context, why }, index) => ({
      context,
      score: scores[index] ?? 0,
      why: why.vector ? { vector: { ...why.vector, rank: index + 1 } } : why,
    }));
};

const compareIds = (a: RankedContext, b: RankedContext): number => (a.context.id < b.context.id ? -1 : 1);

/** A hit that is one half-life old counts half; one of the future counts whole. */
const recencyOf = ({ updatedAt }: Context, halfLife: number, now: number): number =>
  2 ** (-Math.max(0, now - updatedAt.getTime()) / halfLife);

const weigh = (ranked: RankedContext, { halfLife, boosts }: CheckedSearch, now: number): RankedContext => {
  const { context, score, why } = ranked;
  const recency = halfLife === undefined ? undefined : recencyOf(context, halfLife, now);
  const fitting = boosts.length === 0 ? [] : boosts.filter(({ fits }) => fits(subjectOf(context)));
  const boost = fitting.reduce((product, { factor }) => product * factor, 1);
  return {
    context,
    score: score * (recency ?? 1) * boost,
    why: {
      ...why,
      ...(recency !== undefined && { recency }),
      ...(fitting.length > 0 && { boost }),
    },
  };
};

/** The best of what was found, best first. @param now milliseconds */
export const rankHits = (
  found: readonly FoundContext[],
  search: CheckedSearch,
  vector: Float32Array | undefined,
  now: number,
): RankedContext[] => {
  const settled = found.map((one) => settle(one, vector));
  const ordered = search.query === undefined && vector !== undefined ? orderBySimilarity(settled) : settled;
  if (search.halfLife === undefined && search.boosts.length === 0) return ordered.slice(0, search.limit);
  return ordered
    .map((one) => weigh(one, search, now))
    .sort((a, b) => b.score - a.score || compareIds(a, b))
    .slice(0, search.limit);
};
