import type { Neighbour } from "../../../src/search/vector/neighbour.ts";
import { createRandom } from "../../../src/testing/random.ts";

/** Numbers of the normal distribution (Box and Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Vectors in all directions, or around the centres of clusters. */
export const randomVectors = (
  count: number,
  dimensions: number,
  seed: number,
  centres?: readonly Float32Array[],
): Float32Array[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const centre = centres?.[Math.floor(random() * centres.length)];
    return Float32Array.from({ length: dimensions }, (_, at) => normal(random) + (centre?.[at] ?? 0));
  });
};

export const cosine = (a: Float32Array, b: Float32Array): number => {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot / Math.sqrt(squareA * squareB);
};

export type Scored = { readonly slot: number; readonly similarity: number };

/** The true similarity of every vector that is there, best first. */
export const trueNeighbours = (
  vectors: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  among: (slot: number) => boolean = () => true,
): Scored[] =>
  [...vectors]
    .filter(([slot]) => among(slot))
    .map(([slot, vector]) => ({ slot, similarity: cosine(vector, query) }))
    .sort((a, b) => b.similarity - a.similarity || a.slot - b.slot);

/** The part of the true best that was found. */
export const recallOf = (found: readonly Neighbour[], truth: readonly Scored[], limit: number): number => {
  const best = truth.slice(0, limit);
  const slots = new Set(found.map(({ slot }) => slot));
  return best.length === 0 ? 1 : best.filter(({ slot }) => slots.has(slot)).length / best.length;
};
