import type { Kernel } from "./kernel.ts";

export type Neighbour = {
  readonly slot: number;
  /** The cosine of the angle, as the rounded vectors have it. */
  readonly similarity: number;
  /** How far `similarity` may be off. */
  readonly error: number;
};

/** How many standard deviations an error is put at. */
const deviations = 4;
/** What rounding the query and 32-bit arithmetic add. */
const arithmeticError = 1e-5;

/**
 * How far a similarity to a row of this scale may be off. Rounding to steps of `scale` makes an error of scale / √12,
 * as a standard deviation, in each number, and, since the numbers are rotated at random, as much in a product with a
 * vector of length 1. For few dimensions what an error can be at all is less.
 */
export const errorOf = (scale: number, dimensions: number): number =>
  scale * Math.min(deviations / Math.sqrt(12), Math.sqrt(dimensions) / 2) + arithmeticError;

/** What the kernel found, best first, ties by slot. */
export const readNeighbours = (kernel: Kernel, found: number, dimensions: number): Neighbour[] => {
  const words = new Uint32Array(kernel.memory.buffer, kernel.bestAt.value >>> 0, found * 2);
  return Array.from({ length: found }, (_, index): Neighbour => {
    const slot = ~(words[index * 2] ?? 0) >>> 0;
    const similarity = similarityOf(words[index * 2 + 1] ?? 0);
    return { slot, similarity, error: errorOf(kernel.scaleOf(slot), dimensions) };
  }).sort((a, b) => b.similarity - a.similarity || a.slot - b.slot);
};

/** The first `limit`, and of the others those that rounding may have put behind them. */
export const mayBeAmongBest = (neighbours: readonly Neighbour[], limit: number): Neighbour[] => {
  const least = neighbours
    .slice(0, limit)
    .reduce((low, { similarity, error }) => Math.min(low, similarity - error), Number.POSITIVE_INFINITY);
  return neighbours.filter(({ similarity, error }, index) => index < limit || similarity + error >= least);
};

const bits = new DataView(new ArrayBuffer(4));

/** A float32 of bits that sort like it: the sign is flipped, and where it is negative everything. */
const similarityOf = (sortable: number): number => {
  bits.setUint32(0, sortable & 0x80000000 ? sortable ^ 0x80000000 : ~sortable);
  return bits.getFloat32(0);
};
