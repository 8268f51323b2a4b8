import type { Context } from "../../model/context.ts";
import type { Why } from "../../model/searching.ts";
import { similarityTo } from "../../search/similarity.ts";
import { subjectOf } from "../subject.ts";
import type { FusedCandidate } from "./candidates.ts";
import type { CheckedSearch } from "./search-options.ts";

/** A candidate that was read, and is current in the version that was found. */
export type FoundContext = { readonly candidate: FusedCandidate; readonly context: Context };

export type RankedContext = { readonly context: Context; readonly score: number; readonly why: Why };

/** Engines may estimate a similarity; the vector itself, which was read with the context, tells it. */
const createSimilarityOf = (vector: Float32Array): ((found: FoundContext) => number) => {
  const similarity = similarityTo(vector);
  return ({ context: { embeddings }, candidate: { why } }) =>
    embeddings.length === vector.length ? similarity(embeddings) : (why.vector?.similarity ?? 0);
};

const settle = (found: readonly FoundContext[], vector: Float32Array | undefined): RankedContext[] => {
  const similarityOf = vector && createSimilarityOf(vector);
  return found.map((one) => {
    const { why, score } = one.candidate;
    const { context } = one;
    if (!why.vector || !similarityOf) return { context, score, why };
    return { context, score, why: { ...why, vector: { ...why.vector, similarity: similarityOf(one) } } };
  });
};

/** Where nothing but the vector counts, its order is that of the similarities as they are. */
const orderBySimilarity = (found: readonly FoundContext[], vector: Float32Array): RankedContext[] => {
  const similarityOf = createSimilarityOf(vector);
  return found
    .map((one) => ({ context: one.context, similarity: similarityOf(one) }))
    .sort((a, b) => b.similarity - a.similarity || compareIds(a, b))
    .map(({ context, similarity }, index) => ({
      context,
      score: found[index]?.candidate.score ?? 0,
      why: { vector: { rank: index + 1, similarity } },
    }));
};

type OfContext = Pick<RankedContext, "context">;

const compareIds = (a: OfContext, b: OfContext): number => (a.context.id < b.context.id ? -1 : 1);

/** How many half-lives old a hit is: each halves what it counts. One of the future counts whole. */
const halvesOf = ({ updatedAt }: Context, halfLife: number, now: number): number =>
  Math.max(0, now - updatedAt.getTime()) / halfLife;

type Weighed = RankedContext & {
  /** The logarithm of the score, which tells hits apart that are too old for it to be told from 0. */
  readonly magnitude: number;
};

const weigh = (ranked: RankedContext, { halfLife, boosts }: CheckedSearch, now: number): Weighed => {
  const { context, score, why } = ranked;
  const halves = halfLife === undefined ? undefined : halvesOf(context, halfLife, now);
  const recency = halves === undefined ? undefined : 2 ** -halves;
  const fitting = boosts.length === 0 ? [] : boosts.filter(({ fits }) => fits(subjectOf(context)));
  const boost = fitting.reduce((product, { factor }) => product * factor, 1);
  return {
    context,
    // One power of both: a boost may bring back what age alone makes too small for a number.
    score: score * (halves === undefined ? boost : 2 ** (Math.log2(boost) - halves)),
    magnitude: Math.log2(score * boost) - (halves ?? 0),
    why: {
      ...why,
      ...(recency !== undefined && { recency }),
      ...(fitting.length > 0 && { boost }),
    },
  };
};

const compareWeighed = (a: Weighed, b: Weighed): number =>
  b.score - a.score || b.magnitude - a.magnitude || compareIds(a, b);

/** The best of what was found, best first. @param now milliseconds */
export const rankHits = (
  found: readonly FoundContext[],
  search: CheckedSearch,
  vector: Float32Array | undefined,
  now: number,
): RankedContext[] => {
  const ordered =
    search.query === undefined && vector !== undefined
      ? orderBySimilarity(found, vector)
      : settle(found, vector);
  if (search.halfLife === undefined && search.boosts.length === 0) return ordered.slice(0, search.limit);
  return ordered
    .map((one) => weigh(one, search, now))
    .sort(compareWeighed)
    .slice(0, search.limit)
    .map(({ context, score, why }) => ({ context, score, why }));
};
