/** Random bits of a fixed stream (mulberry32), as numbers from 0 to 1. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A stream of numbers of the normal distribution (Box and Muller). */
export const normal = (seed: number): (() => number) => {
  const random = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
};

export const randomVectors = (count: number, dimensions: number, seed: number): Float32Array[] => {
  const next = normal(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: dimensions }, next));
};

/** Every vector with its true similarity, best first. */
export const brute = (
  vectors: readonly Float32Array[],
  query: Float32Array,
): { slot: number; similarity: number }[] =>
  vectors
    .map((vector, slot) => ({ slot, similarity: cosine(vector, query) }))
    .sort((a, b) => b.similarity - a.similarity);

const cosine = (a: Float32Array, b: Float32Array): number => {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return dot / Math.sqrt(squareA * squareB);
};
