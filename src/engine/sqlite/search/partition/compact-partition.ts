import { numbersIn, push, wholeNumbers } from "../../../in-memory/number-list.ts";
import { hasSlot } from "../../../in-memory/slots.ts";
import { type Mark, retired } from "../file/saved-partitions.ts";
import type { SearchIndex } from "../file/search-index.ts";
import type { Pieces } from "../file/slices.ts";
import { decodePositions, decodePostings } from "../text/postings.ts";
import type { TermPlaces } from "../text/term-places.ts";
import type { Partition } from "./partition.ts";
import { bytesOfNumbers, nameOf, saveDocuments, saveTerm } from "./save-partition.ts";

/** Terms that are read at once. */
const termsAtOnce = 100;

/** By old slot: its new one, plus 1; 0 where it is dead. */
const renumber = ({ documents }: Partition, slots: number): Uint32Array => {
  const numbers = new Uint32Array(slots);
  let last = 0;
  for (let slot = 0; slot < slots; slot++) if (hasSlot(documents.alive(), slot)) numbers[slot] = ++last;
  return numbers;
};

const placesOf = (index: SearchIndex, mark: Mark, term: string, numbers: Uint32Array): TermPlaces => {
  const [slots, frequencies, places] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  for (const { first, block, positions } of index.postings.positions(mark, term)) {
    const read = { slots: wholeNumbers(), frequencies: wholeNumbers() };
    decodePostings(block, first, read);
    const all = decodePositions(positions, numbersIn(read.frequencies));
    let at = 0;
    for (let index = 0; index < read.slots.length; index++) {
      const number = numbers[read.slots.array[index] ?? 0] ?? 0;
      const frequency = read.frequencies.array[index] ?? 0;
      const end = at + frequency;
      if (number > 0) {
        push(slots, number - 1);
        push(frequencies, frequency);
        for (let place = at; place < end; place++) push(places, all[place] ?? 0);
      }
      at = end;
    }
  }
  return {
    slots: numbersIn(slots),
    frequencies: numbersIn(frequencies),
    positions: numbersIn(places),
  };
};

/**
 * Writes a partition anew without its dead slots, within a transaction, to be loaded then in place of what it was.
 * @returns undefined where there is nothing of it, or another process saved meanwhile
 */
export function* compactPartition(index: SearchIndex, partition: Partition): Pieces<true | undefined> {
  const { texts } = partition;
  const mark = partition.mark();
  const name = nameOf(partition);
  const saved = index.partitions.find(name);
  if (!mark || saved?.partition !== mark.partition || saved.revision !== mark.revision) return undefined;
  const numbers = renumber(partition, mark.slots);
  const live = [...numbers.keys()].filter((slot) => numbers[slot] !== 0);
  const texted = live.filter((slot) => slot < mark.texted);
  // Nobody sees this name, nor that both are there.
  const number = index.partitions.insert({ ...name, indexing: `${mark.partition}` }, saved);
  yield* saveDocuments(index, number, partition, live, 0);
  if (texted.length > 0) {
    const lengths = Uint32Array.from(texted, (slot) => texts.lengths.array[slot] ?? 0);
    index.partitions.addLengths(number, 0, bytesOfNumbers(lengths));
  }
  for (let term = ""; ; ) {
    const terms = index.postings.termsAfter(mark.partition, term, termsAtOnce);
    for (const one of terms) {
      const postings = placesOf(index, mark, one, numbers);
      if (postings.slots.length > 0) saveTerm(index, number, one, postings);
      yield;
    }
    const last = terms.at(-1);
    if (last === undefined) break;
    term = last;
  }
  // What was there is read until the new one is loaded.
  index.partitions.rename(mark.partition, `${retired} ${mark.partition}`);
  index.partitions.rename(number, name.indexing);
  const { position, write, at, rewrite } = saved;
  const slots = live.length;
  index.partitions.update({
    ...{ partition: number, revision: 1, slots, texted: texted.length },
    ...{ position, write, at, rewrite },
  });
  return true;
}
