import type { Row, RowFilter } from "./data.ts";

/** The true nearest, computed with the vectors as they are: of each query the row numbers, best first. */
export const nearest = (
  rows: readonly Row[],
  queries: readonly Float32Array[],
  limit: number,
  filter: RowFilter | undefined,
): number[][] => queries.map((query) => nearestTo(rows, query, limit, filter));

const nearestTo = (
  rows: readonly Row[],
  query: Float32Array,
  limit: number,
  filter: RowFilter | undefined,
): number[] => {
  let best: { number: number; similarity: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const [number, row] of rows.entries()) {
    if (filter && row[filter.column] !== filter.value) continue;
    const similarity = product(query, row.vector);
    if (similarity <= least) continue;
    best.push({ number, similarity });
    if (best.length < limit * 8) continue;
    best = cut(best, limit);
    least = best.at(-1)?.similarity ?? least;
  }
  return cut(best, limit).map(({ number }) => number);
};

const cut = <Found extends { readonly similarity: number }>(
  found: readonly Found[],
  limit: number,
): Found[] => found.toSorted((a, b) => b.similarity - a.similarity).slice(0, limit);

/** Of vectors of length 1: the cosine. */
export const product = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
};

/** The part of the true nearest that was found. */
export const recall = (
  found: readonly (readonly number[])[],
  truth: readonly (readonly number[])[],
): number => {
  let [hits, all] = [0, 0];
  for (const [index, numbers] of truth.entries()) {
    const set = new Set(found[index]);
    hits += numbers.filter((number) => set.has(number)).length;
    all += numbers.length;
  }
  return hits / all;
};
