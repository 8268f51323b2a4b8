import { createHash } from "node:crypto";
import { limits } from "../../../../base/limits.ts";
import { chunkRows } from "../../../../search/vector/kernel.ts";
import { kernelCode } from "../../../../search/vector/kernel-code.ts";
import type { Mark, PartitionName } from "../file/saved-partitions.ts";
import type { SearchIndex } from "../file/search-index.ts";
import type { Pieces } from "../file/slices.ts";
import { byteList, bytesOf } from "../text/byte-list.ts";
import { encodePositions, encodePostings } from "../text/postings.ts";
import type { TermPlaces } from "../text/term-places.ts";
import type { TextTail } from "../text/text-tail.ts";
import { encodeSegment } from "./document-segment.ts";
import type { Partition } from "./partition.ts";

export const nameOf = ({ key, indexing }: Partition): PartitionName => ({
  ...key,
  indexing: JSON.stringify({ ...indexing, kernel }),
});

/** Vectors are saved as the kernel has them, and another kernel may have them otherwise. */
const kernel = createHash("sha256").update(kernelCode).digest("hex").slice(0, 8);

/** Whether two marks are of one saving. */
const isSame = (a: Mark | undefined, b: Mark | undefined): boolean =>
  a?.partition === b?.partition && a?.revision === b?.revision;

const slotsBetween = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);

/** Documents from a slot on to another, in segments. */
export function* saveDocuments(
  { partitions }: SearchIndex,
  partition: number,
  { documents }: Partition,
  slots: readonly number[],
  first: number,
): Generator<void> {
  for (let at = 0; at < slots.length; at += limits.searchSegmentDocuments) {
    const some = slots.slice(at, at + limits.searchSegmentDocuments);
    partitions.addSegment(partition, first + at, encodeSegment(documents, some));
    yield;
  }
}

/** The chunks of vectors that have slots which are not saved. */
function* saveVectors(
  { partitions }: SearchIndex,
  number: number,
  { vectors, savedVectors }: Partition,
  slots: number,
): Pieces {
  for (let chunk = Math.floor(savedVectors() / chunkRows); chunk * chunkRows < slots; chunk++) {
    const bytes = vectors?.readChunk(chunk);
    if (bytes) partitions.putVectors(number, chunk, bytes);
    yield;
  }
}

const positions = byteList();
const block = byteList();

/** Saves where a term stands, as one block. */
export const saveTerm = (
  { postings }: SearchIndex,
  partition: number,
  term: string,
  { slots, frequencies, positions: places }: TermPlaces,
): void => {
  const first = slots[0] ?? 0;
  block.length = 0;
  encodePostings(block, slots, frequencies, first);
  positions.length = 0;
  encodePositions(positions, frequencies, places);
  postings.add(partition, term, first, bytesOf(block), bytesOf(positions));
};

export const bytesOfNumbers = (numbers: Uint32Array<ArrayBuffer>): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function* saveTexts(index: SearchIndex, partition: number, tails: readonly TextTail[]): Generator<void> {
  for (const tail of tails) {
    for (const [term, places] of tail.all()) {
      saveTerm(index, partition, term, places);
      yield;
    }
  }
}

/** What was saved; `done` is to be called once it is committed, before anything else happens. */
export type Saved = { readonly done: () => void };

/**
 * Saves what the search file does not have yet, within a transaction. It goes on piece by piece, and what happens to
 * the partition in between is not part of it.
 * @returns undefined where another process saved meanwhile, so that this state does not follow what is there
 */
export function* savePartition(index: SearchIndex, partition: Partition): Generator<void, Saved | undefined> {
  const { documents, texts } = partition;
  const before = partition.mark();
  if (!isSame(index.partitions.find(nameOf(partition)), before)) return undefined;
  const stamp = partition.stamp();
  const [slots, texted] = [documents.size(), texts.size()];
  const deaths = [...partition.deaths()];
  const tails = texts.freeze();
  const number = before?.partition ?? index.partitions.insert(nameOf(partition), stamp);
  const first = before?.slots ?? 0;
  yield* saveDocuments(index, number, partition, slotsBetween(first, slots), first);
  yield* saveVectors(index, number, partition, slots);
  for (const slot of deaths) {
    // Where an id has another slot, the loading of that one is the death of this one.
    if (documents.slotOf(documents.ids[slot] ?? "") === undefined) index.partitions.addDeath(number, slot);
  }
  const from = before?.texted ?? 0;
  if (texted > from) {
    index.partitions.addLengths(number, from, bytesOfNumbers(texts.lengths.array.slice(from, texted)));
    yield* saveTexts(index, number, tails);
  }
  const mark: Mark = { partition: number, revision: (before?.revision ?? 0) + 1, slots, texted };
  index.partitions.update({ ...mark, ...stamp });
  return {
    done: () => {
      partition.markAs(mark);
      partition.markVectors(slots);
      partition.forgetDeaths(deaths.length);
      texts.drop(tails);
    },
  };
}
