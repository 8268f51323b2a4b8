import type { Kernel } from "./kernel.ts";

export type Neighbour = {
  readonly slot: number;
  /** The cosine of the angle, as the rounded vectors have it. */
  readonly similarity: number;
  /** How far `similarity` may be off. */
  readonly error: number;
};

/**
 * How many standard deviations an error is put at. Rounding to steps of `scale` makes an error of scale / √12 in each
 * of the rotated numbers, at random, and as much in a product with a vector of length 1.
 */
const deviations = 5;
/** What rounding the query and 32-bit arithmetic add. */
const arithmeticError = 1e-5;

const errorOf = (scale: number, dimensions: number): number =>
  scale * Math.min(deviations / Math.sqrt(12), Math.sqrt(dimensions) / 2) + arithmeticError;

/**
 * The best that the kernel found, best first: the first `limit`, and after them those that rounding errors may have
 * put there.
 */
export const readNeighbours = (
  kernel: Kernel,
  found: number,
  limit: number,
  dimensions: number,
): Neighbour[] => {
  const words = new Uint32Array(kernel.memory.buffer, kernel.bestAt.value, found * 2);
  const neighbours = Array.from({ length: found }, (_, index): Neighbour => {
    const slot = ~(words[index * 2] ?? 0) >>> 0;
    return {
      slot,
      similarity: similarityOf(words[index * 2 + 1] ?? 0),
      error: errorOf(kernel.scaleOf(slot), dimensions),
    };
  }).sort((a, b) => b.similarity - a.similarity || a.slot - b.slot);
  const least = neighbours
    .slice(0, limit)
    .reduce((low, { similarity, error }) => Math.min(low, similarity - error), Number.POSITIVE_INFINITY);
  return neighbours.filter(({ similarity, error }, index) => index < limit || similarity + error >= least);
};

const bits = new DataView(new ArrayBuffer(4));

/** A float32 from the bits by which the kernel sorts it: all flipped where it is negative, else the sign. */
const similarityOf = (sortable: number): number => {
  bits.setUint32(0, sortable & 0x80000000 ? sortable ^ 0x80000000 : ~sortable);
  return bits.getFloat32(0);
};
