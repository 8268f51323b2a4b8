import { limits } from "../base/limits.ts";

/** Positions of equal elements in two sequences. Both rise from pair to pair. */
export type Pair = readonly [number, number];

/**
 * The longest common subsequence of two sequences of numbers, by Hunt and Szymanski ("A fast algorithm for computing
 * longest common subsequences", CACM 20, 1977): the longest run of pairs that rises on both sides. It takes
 * O((n + p) log n), where p is the number of equal pairs. Where that passes `limits.comparedPairs`, the k-th of equal
 * elements is only paired with the k-th of the other side: the run is a common one still, but maybe not the longest.
 */
export const longestCommon = (a: readonly number[], b: readonly number[]): Pair[] => {
  const start = commonStart(a, b);
  const end = commonEnd(a, b, start);
  const middle = risingPairs(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [
    ...Array.from({ length: start }, (_, at): Pair => [at, at]),
    ...middle.map(([i, j]): Pair => [i + start, j + start]),
    ...Array.from({ length: end }, (_, at): Pair => [a.length - end + at, b.length - end + at]),
  ];
};

const commonStart = (a: readonly number[], b: readonly number[]): number => {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at++;
  return at;
};

const commonEnd = (a: readonly number[], b: readonly number[], start: number): number => {
  const most = Math.min(a.length, b.length) - start;
  let at = 0;
  while (at < most && a[a.length - 1 - at] === b[b.length - 1 - at]) at++;
  return at;
};

type Places = ReadonlyMap<number, readonly number[]>;

const placesOf = (values: readonly number[]): Places => {
  const places = new Map<number, number[]>();
  for (const [at, value] of values.entries()) {
    const known = places.get(value);
    if (known) known.push(at);
    else places.set(value, [at]);
  }
  return places;
};

/** A pair, and the one before it in the longest run that ends with it. */
type Link = { readonly pair: Pair; readonly before: Link | undefined };

const risingPairs = (a: readonly number[], b: readonly number[]): Pair[] => {
  const places = placesOf(b);
  const pairs = a.reduce((sum, value) => sum + (places.get(value)?.length ?? 0), 0);
  const ranked = pairs > limits.comparedPairs;
  const met = new Map<number, number>();
  // lowest[k] ends, of all runs of k + 1 pairs, the one that ends soonest in b.
  const lowest: Link[] = [];
  for (const [i, value] of a.entries()) {
    const equal = places.get(value);
    if (!equal) continue;
    const rank = met.get(value) ?? 0;
    met.set(value, rank + 1);
    const candidates = ranked ? equal.slice(rank, rank + 1) : equal;
    // From the last to the first, so that no two pairs of one element of a follow each other in a run.
    for (const j of candidates.toReversed()) {
      const length = runsBelow(lowest, j);
      lowest[length] = { pair: [i, j], before: lowest[length - 1] };
    }
  }
  const run: Pair[] = [];
  for (let link: Link | undefined = lowest.at(-1); link; link = link.before) run.push(link.pair);
  return run.reverse();
};

/** How many runs end before j in b. */
const runsBelow = (lowest: readonly Link[], j: number): number => {
  let [low, high] = [0, lowest.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lowest[middle]?.pair[1] ?? 0) < j) low = middle + 1;
    else high = middle;
  }
  return low;
};
