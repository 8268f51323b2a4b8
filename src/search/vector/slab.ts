import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type Among, writeAmong } from "./among.ts";
import { chunkRows, createKernel } from "./kernel.ts";
import { errorOf, type Neighbour, readNeighbours } from "./neighbour.ts";
import { createSketchPlan } from "./sketch-plan.ts";

/** Vectors of one length by slot, in as little memory as finds the nearest of them: int8, with a scale for each. */
export type Slab = {
  readonly dimensions: number;
  /** Slots that hold a vector. */
  readonly size: number;
  /** Bytes of memory. What no slot used yet is no burden on the machine. */
  readonly bytes: number;
  /**
   * Puts a vector into a slot, in place of what was there. Slots are best used from 0 up: there is memory for each up
   * to the highest.
   * @throws ContextbaseError `too_large` where the slab would pass `limits.slabBytes`; nothing is changed then
   */
  readonly set: (slot: number, vector: Float32Array) => void;
  readonly clear: (slot: number) => void;
  readonly has: (slot: number) => boolean;
  /** A copy of what a chunk of `chunkRows` slots holds, for a slab of the same kernel; undefined: nothing yet. */
  readonly readChunk: (chunk: number) => Uint8Array | undefined;
  /**
   * Puts back what `readChunk` gave, in place of what was there.
   * @returns false where it is no chunk of such a slab
   * @throws ContextbaseError `too_large`
   */
  readonly writeChunk: (chunk: number, bytes: Uint8Array) => boolean;
  /**
   * The slots nearest by cosine, best first, ties by slot: those that may be among the best `limit` for all that the
   * rounded vectors say, so that the vectors themselves can settle which are; up to `limits.searchUndecided` more than
   * `limit`, and never fewer while there are. In large slabs each of the best is found with a probability of 0.994 or
   * more.
   * @param among only these slots; those that hold nothing do not count
   */
  readonly search: (vector: Float32Array, limit: number, among?: Among) => readonly Neighbour[];
};

/** Slots are 32-bit numbers. */
const mostChunks = 2 ** 32 / chunkRows - 1;
/** How many more than asked for are kept, for what rounding hides; more where these are not enough. */
const firstSpare = 64;
const spareGrowth = 8;

/** @param dimensions numbers of each vector, from 1 to `limits.embeddingDimensions` */
export const createSlab = (dimensions: number): Slab => {
  const kernel = createKernel();
  const plan = createSketchPlan(kernel, dimensions);
  let rows = 0;
  let size = 0;
  /** The largest scale that a row ever had. */
  let coarsest = 0;
  if (!kernel.open(dimensions)) throw fullError(0, dimensions);
  let input = new Float32Array(kernel.memory.buffer, kernel.vectorAt.value, dimensions);

  const hand = (vector: Float32Array): void => {
    if (vector.length !== dimensions)
      throw new ContextbaseError("internal", `A vector of ${vector.length} for a slab of ${dimensions}.`);
    if (input.buffer !== kernel.memory.buffer)
      input = new Float32Array(kernel.memory.buffer, kernel.vectorAt.value, dimensions);
    input.set(vector);
  };
  const reserve = (slot: number): void => {
    if (slot < rows) return;
    const chunks = Math.floor(slot / chunkRows) + 1;
    if (chunks > mostChunks || !kernel.addChunks(chunks)) throw fullError(slot, dimensions);
    rows = chunks * chunkRows;
  };
  const has = (slot: number): boolean => slot < rows && kernel.has(slot) !== 0;

  const chunkAt = (chunk: number): Uint8Array => {
    const [start, end] = [kernel.chunkOf(chunk) >>> 0, kernel.chunkOf(chunk + 1) >>> 0];
    return new Uint8Array(kernel.memory.buffer, start, end - start);
  };

  /** @returns how many of the best `most` the kernel has */
  const findBest = (vector: Float32Array, wanted: number, most: number, among: Among | undefined): number => {
    const first = plan.first(wanted, size);
    if (!kernel.makeRoom(Math.max(most, first))) throw fullError(rows, dimensions);
    hand(vector);
    if (!kernel.ask()) throw directionError();
    if (among) writeAmong(kernel, among, rows);
    const eligible = kernel.select(among ? 1 : 0);
    return plan.isWorthwhile({ size, rows, eligible, limit: wanted })
      ? kernel.findBySketches(wanted, most, first, 2 * errorOf(coarsest, dimensions))
      : kernel.findByRows(most);
  };

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
      coarsest = Math.max(coarsest, kernel.scaleOf(slot));
      size += added;
      plan.noteWritten();
    },
    clear: (slot) => {
      if (!has(slot)) return;
      kernel.remove(slot);
      size -= 1;
    },
    has,
    readChunk: (chunk) => (chunk * chunkRows < rows ? chunkAt(chunk).slice() : undefined),
    writeChunk: (chunk, bytes) => {
      reserve((chunk + 1) * chunkRows - 1);
      const place = chunkAt(chunk);
      if (place.length !== bytes.length) return false;
      const slots = Array.from({ length: chunkRows }, (_, index) => chunk * chunkRows + index);
      size -= slots.filter(has).length;
      place.set(bytes);
      for (const slot of slots.filter(has)) {
        coarsest = Math.max(coarsest, kernel.scaleOf(slot));
        size += 1;
        plan.noteWritten();
      }
      return true;
    },
    search: (vector, limit, among) => {
      const wanted = Math.min(limit, size);
      if (wanted === 0) return [];
      for (let more = firstSpare; ; more *= spareGrowth) {
        const most = Math.min(wanted + more, size);
        const found = findBest(vector, wanted, most, among);
        const { neighbours, isWhole } = readNeighbours(kernel, found, wanted, dimensions, coarsest);
        if (isWhole || found < most || most === size || more >= limits.searchUndecided) return neighbours;
      }
    },
  };
};

const directionError = (): ContextbaseError =>
  new ContextbaseError("internal", "A vector of zeros, or with what is no number, came to the search index.");

const fullError = (slot: number, dimensions: number): ContextbaseError =>
  new ContextbaseError(
    "too_large",
    `The vectors of one component may take ${limits.slabBytes} bytes in the search index, too few for vector ` +
      `${slot} of ${dimensions} dimensions. Divide the contexts among tenants or components, or use PostgreSQL.`,
    { details: { slot, dimensions, limit: limits.slabBytes } },
  );
