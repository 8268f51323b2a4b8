import { push, type WholeNumbers, wholeNumbers } from "./number-list.ts";

/** Where a term stands: slots, rising, and how often in each. */
export type Postings = { readonly slots: WholeNumbers; readonly frequencies: WholeNumbers };

/** Bytes that are written one after another. */
export type ByteList = { array: Uint8Array<ArrayBuffer>; length: number };

export const byteList = (): ByteList => ({ array: new Uint8Array(1024), length: 0 });

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
export const pushNumber = (list: ByteList, value: number): void => {
  if (list.length + 5 > list.array.length) {
    const larger = new Uint8Array(list.array.length * 2);
    larger.set(list.array);
    list.array = larger;
  }
  let rest = value;
  while (rest > 127) {
    list.array[list.length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  list.array[list.length++] = rest;
};

/**
 * Writes a block of postings: for each its distance to the one before, doubled, and 1 more where its frequency is
 * not 1 and follows.
 * @param first the slot that the first distance counts from
 */
export const encodePostings = (
  list: ByteList,
  slots: Iterable<number>,
  frequencies: readonly number[],
  first: number,
): void => {
  let last = first;
  let at = 0;
  for (const slot of slots) {
    const frequency = frequencies[at++] ?? 1;
    pushNumber(list, (slot - last) * 2 + (frequency === 1 ? 0 : 1));
    if (frequency !== 1) pushNumber(list, frequency);
    last = slot;
  }
};

/** Reads numbers that `pushNumber` wrote. */
const numbersOf = (bytes: Uint8Array): (() => number) => {
  let at = 0;
  return () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
};

/** Appends the postings of a block. */
export const decodePostings = (block: Uint8Array, first: number, { slots, frequencies }: Postings): void => {
  let slot = first;
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = block[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < block.length) {
    const head = number();
    slot += head >>> 1;
    push(slots, slot);
    push(frequencies, (head & 1) === 0 ? 1 : number());
  }
};

/** Writes the places of a term in each of its texts, each by its distance to the one before. */
export const encodePositions = (
  list: ByteList,
  frequencies: readonly number[],
  positions: readonly number[],
): void => {
  let at = 0;
  for (const frequency of frequencies) {
    let last = 0;
    for (const end = at + frequency; at < end; at++) {
      const position = positions[at] ?? 0;
      pushNumber(list, position - last);
      last = position;
    }
  }
};

/** The postings of a block with the places of each, in their order. */
export function* decodePositions(
  block: Uint8Array,
  first: number,
  positions: Uint8Array,
): Generator<{ readonly slot: number; readonly positions: number[] }> {
  const { slots, frequencies } = { slots: wholeNumbers(), frequencies: wholeNumbers() };
  decodePostings(block, first, { slots, frequencies });
  const number = numbersOf(positions);
  for (let index = 0; index < slots.length; index++) {
    const found: number[] = [];
    let position = 0;
    for (let left = frequencies.array[index] ?? 0; left > 0; left--) {
      position += number();
      found.push(position);
    }
    yield { slot: slots.array[index] ?? 0, positions: found };
  }
}
