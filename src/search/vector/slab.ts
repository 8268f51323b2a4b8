import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type Among, writeAmong } from "./among.ts";
import { createKernel } from "./kernel.ts";
import { type Neighbour, readNeighbours } from "./neighbour.ts";

/** Vectors of one length by slot, in as little memory as finds the nearest of them: int8, with a scale for each. */
export type Slab = {
  readonly dimensions: number;
  /** Slots that hold a vector. */
  readonly size: number;
  /** The memory that it takes, in bytes. */
  readonly bytes: number;
  /**
   * Puts a vector into a slot, whatever was there. Memory is taken for every slot up to the highest that was used.
   * @throws ContextbaseError `too_large` where the slab would pass `limits.slabBytes`; nothing is changed then
   */
  readonly set: (slot: number, vector: Float32Array) => void;
  readonly clear: (slot: number) => void;
  readonly has: (slot: number) => boolean;
  /**
   * The slots nearest by cosine, best first, ties by slot: every slot that may be among the best `limit` for all that
   * the rounded vectors say, so that originals can settle which are. Never fewer than `limit` while there are.
   * @param among only these slots; slots that hold nothing do not count
   */
  readonly search: (vector: Float32Array, limit: number, among?: Among) => Neighbour[];
};

/** Rows that the kernel takes memory for at once. */
const chunkRows = 1_024;
/** How many more than asked for are kept for the rounding of vectors. */
const spare = 64;

/** @param dimensions numbers of each vector, from 1 to `limits.embeddingDimensions` */
export const createSlab = (dimensions: number): Slab => {
  const kernel = createKernel();
  kernel.open(dimensions);
  let chunks = 0;
  let size = 0;

  const hand = (vector: Float32Array): void => {
    if (vector.length !== dimensions)
      throw new ContextbaseError("internal", `A vector of ${vector.length} for a slab of ${dimensions}.`);
    new Float32Array(kernel.memory.buffer, kernel.vectorAt.value, dimensions).set(vector);
  };
  const reserve = (slot: number): void => {
    const needed = Math.floor(slot / chunkRows) + 1;
    if (needed <= chunks) return;
    if (!kernel.addChunks(needed)) throw fullError(slot, dimensions);
    chunks = needed;
  };
  const has = (slot: number): boolean => slot < chunks * chunkRows && kernel.has(slot) !== 0;

  return {
    dimensions,
    get size() {
      return size;
    },
    get bytes() {
      return kernel.memory.buffer.byteLength;
    },
    set: (slot, vector) => {
      reserve(slot);
      hand(vector);
      const added = has(slot) ? 0 : 1;
      if (!kernel.put(slot)) throw directionError();
      size += added;
    },
    clear: (slot) => {
      if (!has(slot)) return;
      kernel.remove(slot);
      size -= 1;
    },
    has,
    search: (vector, limit, among) => {
      const most = Math.min(limit, size);
      if (most === 0) return [];
      const kept = Math.min(most + spare, size);
      if (!kernel.makeRoom(kept)) throw fullError(chunks * chunkRows, dimensions);
      hand(vector);
      if (!kernel.ask()) throw directionError();
      if (among) writeAmong(kernel, among, chunks * chunkRows);
      return readNeighbours(kernel, kernel.search(kept, among ? 1 : 0), most, dimensions);
    },
  };
};

const directionError = (): ContextbaseError =>
  new ContextbaseError("internal", "A vector of zeros, or with what is no number, came to the search index.");

const fullError = (slot: number, dimensions: number): ContextbaseError =>
  new ContextbaseError(
    "too_large",
    `The search index of one component holds up to ${limits.slabBytes} bytes, which ends before vector ${slot} of ` +
      `${dimensions} dimensions. Divide the contexts among tenants or components, or use PostgreSQL.`,
    { details: { slot, dimensions, limit: limits.slabBytes } },
  );
