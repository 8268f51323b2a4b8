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

export type Neighbours = {
  readonly neighbours: readonly Neighbour[];
  /** Whether no row that was not found can be among the best: the last that was found cannot. */
  readonly isWhole: boolean;
};

/**
 * Of what the kernel found the first `limit`, best first, ties by slot, and of the others those that rounding may have
 * put behind them.
 * @param coarsest the largest scale of any row
 */
export const readNeighbours = (
  kernel: Kernel,
  found: number,
  limit: number,
  dimensions: number,
  coarsest: number,
): Neighbours => {
  // As numbers of 64 bits they sort like what they stand for; as two of 32 they are read without being objects.
  const keys = new BigUint64Array(kernel.memory.buffer, kernel.bestAt.value >>> 0, found).slice().sort();
  const words = new Uint32Array(keys.buffer);
  const largestError = errorOf(coarsest, dimensions);
  const neighbours: Neighbour[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let at = found - 1; at >= 0; at--) {
    const slot = ~(words[at * 2] ?? 0) >>> 0;
    const similarity = similarityOf(words[at * 2 + 1] ?? 0);
    const isAmongFirst = found - at <= limit;
    if (!isAmongFirst && similarity + largestError < least) return { neighbours, isWhole: true };
    const error = errorOf(kernel.scaleOf(slot), dimensions);
    if (isAmongFirst) least = Math.min(least, similarity - error);
    else if (similarity + error < least) continue;
    neighbours.push({ slot, similarity, error });
  }
  return { neighbours, isWhole: false };
};

const bits = new DataView(new ArrayBuffer(4));

/** A float32 of bits that sort like it: the sign is flipped, and where it is negative everything. */
const similarityOf = (sortable: number): number => {
  bits.setUint32(0, sortable & 0x80000000 ? sortable ^ 0x80000000 : ~sortable);
  return bits.getFloat32(0);
};
