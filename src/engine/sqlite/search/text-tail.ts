import type { NumberedTerms } from "../../../search/text/numbered-terms.ts";
import { reserve, wholeNumbers } from "./number-list.ts";

/** Where a term stands: slots, rising, how often in each, and its places in them, one after another. */
export type TermPlaces = {
  readonly slots: ArrayLike<number>;
  readonly frequencies: ArrayLike<number>;
  readonly positions: ArrayLike<number>;
};

/** The terms of documents that are not in the search file yet, in memory. */
export type TextTail = {
  /** How many occurrences of terms it has, to judge its size by. */
  readonly size: () => number;
  readonly terms: () => Iterable<string>;
  /** @returns how many words there are */
  readonly add: (slot: number, texts: readonly { readonly text: string }[]) => number;
  readonly placesOf: (term: string) => TermPlaces | undefined;
};

/** Numbers that are kept of an occurrence, side by side: the one before it of the same term, plus 1; slot; position. */
const stride = 3;

/**
 * Occurrences lie in the order in which they came; those of one term form a chain from the last to the first. So they
 * are put in fast, whatever the terms, and are sorted only once they are asked for.
 */
export const createTextTail = (numbered: NumberedTerms): TextTail => {
  /** By number of the term: its last occurrence plus 1, and how many it has. */
  const [last, counts] = [wholeNumbers(), wholeNumbers()];
  const occurrences = wholeNumbers();

  const add: TextTail["add"] = (slot, texts) => {
    const { numbers, positions, count, length } = numbered.read(texts);
    const more = numbered.terms.length - last.length;
    for (const list of [last, counts]) {
      reserve(list, more);
      list.length += more;
    }
    reserve(occurrences, count * stride);
    const { array } = occurrences;
    let at = occurrences.length;
    for (let index = 0; index < count; index++) {
      const number = numbers[index] ?? 0;
      array[at] = last.array[number] ?? 0;
      array[at + 1] = slot;
      array[at + 2] = positions[index] ?? 0;
      at += stride;
      last.array[number] = at / stride;
      counts.array[number] = (counts.array[number] ?? 0) + 1;
    }
    occurrences.length = at;
    return length;
  };

  const places = (number: number): TermPlaces => {
    const count = counts.array[number] ?? 0;
    const slots = new Uint32Array(count);
    const frequencies = new Uint32Array(count);
    const positions = new Uint32Array(count);
    const { array } = occurrences;
    let place = count;
    let index = count;
    let slot = -1;
    for (let next = last.array[number] ?? 0; next > 0; ) {
      const at = (next - 1) * stride;
      if (array[at + 1] !== slot) {
        slot = array[at + 1] ?? 0;
        slots[--index] = slot;
      }
      frequencies[index] = (frequencies[index] ?? 0) + 1;
      positions[--place] = array[at + 2] ?? 0;
      next = array[at] ?? 0;
    }
    return { slots: slots.subarray(index), frequencies: frequencies.subarray(index), positions };
  };

  return {
    size: () => occurrences.length / stride,
    terms: function* () {
      for (let number = 0; number < last.length; number++) {
        const term = numbered.terms[number];
        if ((last.array[number] ?? 0) > 0 && term !== undefined) yield term;
      }
    },
    add,
    placesOf: (term) => {
      const number = numbered.numberOf(term);
      return number === undefined || (last.array[number] ?? 0) === 0 ? undefined : places(number);
    },
  };
};
