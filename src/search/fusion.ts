/** A thing's place in one list. */
export type Ranked = {
  readonly key: string;
  /** From 1. */
  readonly rank: number;
};

/** A thing that several lists may rank, by a key of its own. */
export type Fused = {
  readonly key: string;
  /** The sum over its lists; higher is better. */
  readonly score: number;
  /** Its rank in each list, from 1; undefined where a list lacks it. */
  readonly ranks: readonly (number | undefined)[];
};

/** The ranks of a whole list. @param keys best first, none twice */
export const rankedKeys = (keys: readonly string[]): Ranked[] =>
  keys.map((key, index) => ({ key, rank: index + 1 }));

/** Keeps the first ranks from counting for too much; 60 is what the paper found best. */
const rankConstant = 60;

/** What a place in one list counts. */
export const scoreOfRank = (rank: number, weight = 1): number => weight / (rankConstant + rank);

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): each list adds 1 / (60 + rank), times its
 * weight. What one list alone has keeps its place: nothing of another list is taken off it. Ties go by the best
 * rank, then by the key, so that the order is always the same.
 * @param lists no key twice in one list
 */
export const fuse = (
  lists: readonly (readonly Ranked[])[],
  weights: readonly number[] = lists.map(() => 1),
): Fused[] => {
  const found = new Map<string, { key: string; score: number; ranks: (number | undefined)[] }>();
  for (const [list, ranked] of lists.entries()) {
    for (const { key, rank } of ranked) {
      const one = found.get(key) ?? { key, score: 0, ranks: lists.map((): undefined => undefined) };
      one.score += scoreOfRank(rank, weights[list]);
      one.ranks[list] = rank;
      found.set(key, one);
    }
  }
  return [...found.values()].sort(
    (a, b) => b.score - a.score || bestOf(a) - bestOf(b) || (a.key < b.key ? -1 : 1),
  );
};

const bestOf = ({ ranks }: Fused): number => {
  let best = Number.POSITIVE_INFINITY;
  for (const rank of ranks) if (rank !== undefined && rank < best) best = rank;
  return best;
};
