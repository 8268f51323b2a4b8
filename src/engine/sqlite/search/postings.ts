import { push, type WholeNumbers } from "./number-list.ts";

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
