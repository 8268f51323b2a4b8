import { ContextbaseError } from "../../base/errors.ts";
import { similarityTo } from "../../search/similarity.ts";
import type { Neighbour } from "../../search/vector/neighbour.ts";
import { createSlab, type Slab } from "../../search/vector/slab.ts";
import type { Slots } from "./slots.ts";

export type VectorMatch = { readonly slot: number; readonly score: number };

/** The embeddings of a partition's documents, by slot, rounded to a quarter of their size. */
export type VectorsAsked = {
  readonly vector: Float32Array;
  /** Only these slots; undefined: all. */
  readonly fits: Slots | undefined;
  readonly limit: number;
  /** Whether they are to be in the order of the originals, not only the right ones. */
  readonly inOrder: boolean;
};

export type Vectors = {
  /** How much memory they take. */
  readonly bytes: () => number;
  /** Gives a slot its embedding; undefined: it has none that is searched. */
  readonly add: (slot: number, embedding: Uint8Array | undefined) => void;
  readonly kill: (slot: number) => void;
  /** A copy of the vectors of `chunkRows` slots, as they are kept; undefined: there are none. */
  readonly readChunk: (chunk: number) => Uint8Array | undefined;
  /** Puts back what `readChunk` gave. @returns false where that is not of such vectors */
  readonly writeChunk: (chunk: number, bytes: Uint8Array) => boolean;
  /**
   * The nearest, best first. Where rounding leaves open which are, the originals decide.
   * @param original reads the embedding of a slot
   */
  readonly search: (asked: VectorsAsked, original: Original) => VectorMatch[];
};

type Original = (slot: number) => Uint8Array | undefined;

const toMatch = ({ slot, similarity }: Neighbour): VectorMatch => ({ slot, score: similarity });

export const createVectors = (dimensions: number): Vectors => {
  // Made with the first vector: each takes addresses for all that it may come to hold.
  let slab: Slab | undefined;
  // In place of an array for each that is added or compared.
  const vector = new Float32Array(dimensions);
  const bytes = new Uint8Array(vector.buffer);
  const take = (embedding: Uint8Array): void => bytes.set(embedding.subarray(0, bytes.length));
  let full: ContextbaseError | undefined;

  const add: Vectors["add"] = (slot, embedding) => {
    if (!embedding) return;
    try {
      take(embedding);
      slab ??= createSlab(dimensions);
      slab.set(slot, vector);
    } catch (cause) {
      // The rest can be searched still, by text; who searches by vector is told.
      if (!(cause instanceof ContextbaseError && cause.code === "too_large")) throw cause;
      full = cause;
    }
  };

  /** Of more neighbours than are wanted those that are surely among the best, and the best of the others. */
  const settle = (
    neighbours: readonly Neighbour[],
    { vector: asked, limit, inOrder }: VectorsAsked,
    original: Original,
  ): VectorMatch[] => {
    if (neighbours.length <= limit && !inOrder) return neighbours.map(toMatch);
    const rival = neighbours
      .slice(limit)
      .reduce((most, { similarity, error }) => Math.max(most, similarity + error), -1);
    const isSure = ({ similarity, error }: Neighbour, index: number): boolean =>
      !inOrder && index < limit && similarity - error > rival;
    const sure = neighbours.filter(isSure).map(toMatch);
    const similarity = similarityTo(asked);
    const settled = neighbours
      .filter((neighbour, index) => !isSure(neighbour, index))
      .map((neighbour): VectorMatch => {
        const embedding = original(neighbour.slot);
        if (!embedding || embedding.length < bytes.length) return toMatch(neighbour);
        take(embedding);
        return { slot: neighbour.slot, score: similarity(vector) };
      })
      .sort(byScore);
    return [...sure, ...settled.slice(0, limit - sure.length)].sort(byScore);
  };

  return {
    bytes: () => slab?.bytes ?? 0,
    add,
    kill: (slot) => slab?.clear(slot),
    readChunk: (chunk) => (full ? undefined : slab?.readChunk(chunk)),
    writeChunk: (chunk, bytes) => {
      slab ??= createSlab(dimensions);
      return slab.writeChunk(chunk, bytes);
    },
    search: (asked, original) => {
      if (full) throw full;
      if (!slab) return [];
      const { vector, fits, limit } = asked;
      const among = fits && new Uint8Array(fits.buffer, fits.byteOffset, fits.byteLength);
      return settle(slab.search(vector, limit, among), asked, original);
    },
  };
};

const byScore = (a: VectorMatch, b: VectorMatch): number => b.score - a.score || a.slot - b.slot;
