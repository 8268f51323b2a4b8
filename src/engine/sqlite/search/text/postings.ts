import { reserve, type WholeNumbers } from "../../../in-memory/number-list.ts";
import { type ByteList, numbersOf, pushNumber } from "./byte-list.ts";

/** Where a term stands: slots, rising, and how often in each. */
export type Postings = { readonly slots: WholeNumbers; readonly frequencies: WholeNumbers };

/**
 * Writes a block of postings: for each its distance to the one before, doubled, and 1 more where its frequency is
 * not 1 and follows.
 * @param first the slot that the first distance counts from
 */
export const encodePostings = (
  list: ByteList,
  slots: ArrayLike<number>,
  frequencies: ArrayLike<number>,
  first: number,
): void => {
  let last = first;
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? 0;
    const frequency = frequencies[at] ?? 1;
    pushNumber(list, (slot - last) * 2 + (frequency === 1 ? 0 : 1));
    if (frequency !== 1) pushNumber(list, frequency);
    last = slot;
  }
};

/** Appends the postings of a block. Most of its numbers take one byte. */
export const decodePostings = (block: Uint8Array, first: number, into: Postings): void => {
  reserve(into.slots, block.length);
  reserve(into.frequencies, block.length);
  const slots = into.slots.array;
  const frequencies = into.frequencies.array;
  let count = into.slots.length;
  let slot = first;
  let at = 0;
  const rest = (begun: number): number => {
    let value = begun & 127;
    for (let shift = 7; ; shift += 7) {
      const byte = block[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < block.length) {
    let head = block[at++] ?? 0;
    if (head > 127) head = rest(head);
    slot += head >>> 1;
    let frequency = 1;
    if ((head & 1) === 1) {
      frequency = block[at++] ?? 0;
      if (frequency > 127) frequency = rest(frequency);
    }
    slots[count] = slot;
    frequencies[count++] = frequency;
  }
  into.slots.length = count;
  into.frequencies.length = count;
};

/** Writes the places of a term in each of its texts, each by its distance to the one before. */
export const encodePositions = (
  list: ByteList,
  frequencies: ArrayLike<number>,
  positions: ArrayLike<number>,
): void => {
  let at = 0;
  for (let index = 0; index < frequencies.length; index++) {
    let last = 0;
    for (const end = at + (frequencies[index] ?? 0); at < end; at++) {
      const position = positions[at] ?? 0;
      pushNumber(list, position - last);
      last = position;
    }
  }
};

/** The places that `encodePositions` wrote, one after another. */
export const decodePositions = (
  positions: Uint8Array,
  frequencies: Uint32Array,
): Uint32Array<ArrayBuffer> => {
  const number = numbersOf(positions);
  const places = new Uint32Array(frequencies.reduce((sum, frequency) => sum + frequency, 0));
  let at = 0;
  for (const frequency of frequencies) {
    let place = 0;
    for (const end = at + frequency; at < end; at++) {
      place += number();
      places[at] = place;
    }
  }
  return places;
};
