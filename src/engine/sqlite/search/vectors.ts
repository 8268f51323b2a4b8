import { toVector } from "../../../model/embedding-bytes.ts";
import { cosineSimilarity } from "../../../search/similarity.ts";
import { bestSlots } from "./best-slots.ts";
import { listSlots, type Slots } from "./slots.ts";

export type VectorMatch = { readonly slot: number; readonly score: number };

/** The embeddings of a partition's documents, by slot. */
export type Vectors = {
  /** Gives the next slot its embedding; undefined: it has none that is searched. */
  readonly add: (slot: number, embedding: Uint8Array | undefined) => void;
  readonly kill: (slot: number) => void;
  /** The nearest of some slots, best first, ties by id. */
  readonly search: (
    vector: Float32Array,
    fits: Slots,
    ids: readonly string[],
    limit: number,
  ) => VectorMatch[];
};

export const createVectors = (dimensions: number): Vectors => {
  const kept = new Map<number, Float32Array>();
  return {
    add: (slot, embedding) => {
      const vector = toVector(embedding);
      if (vector.length === dimensions) kept.set(slot, vector);
    },
    kill: (slot) => {
      kept.delete(slot);
    },
    search: (vector, fits, ids, limit) => {
      const scores = new Float64Array(fits.length * 32);
      const slots = listSlots(fits).filter((slot) => kept.has(slot));
      for (const slot of slots) scores[slot] = cosineSimilarity(vector, kept.get(slot) ?? vector);
      return bestSlots(slots, slots.length, scores, ids, limit).map((slot) => ({
        slot,
        score: scores[slot] ?? 0,
      }));
    },
  };
};
