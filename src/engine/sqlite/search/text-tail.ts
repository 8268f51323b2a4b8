import type { NumberedTerms } from "../../../search/text/numbered-terms.ts";
import { reserve, wholeNumbers } from "../../in-memory/number-list.ts";

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
  /** Every term with its places, sorted at once, which is much faster than to ask for each. */
  readonly all: () => Iterable<readonly [term: string, places: TermPlaces]>;
};

/**
 * Numbers that are kept of an occurrence, side by side: the one before it of the same term, plus 1; its slot; its
 * position; the number of its term.
 */
const stride = 4;

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
      array[at + 3] = number;
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

  /** Of the terms that stand here. */
  const numbers = (): number[] =>
    [...counts.array.keys()].filter((number) => (counts.array[number] ?? 0) > 0);

  function* all(): Generator<readonly [string, TermPlaces]> {
    const ends = new Uint32Array(counts.length + 1);
    for (let number = 0; number < counts.length; number++)
      ends[number + 1] = (ends[number] ?? 0) + (counts.array[number] ?? 0);
    const starts = ends.slice();
    const { array, length } = occurrences;
    const sorted = new Uint32Array((length / stride) * 2);
    for (let at = 0; at < length; at += stride) {
      const number = array[at + 3] ?? 0;
      const place = starts[number] ?? 0;
      starts[number] = place + 1;
      sorted[place * 2] = array[at + 1] ?? 0;
      sorted[place * 2 + 1] = array[at + 2] ?? 0;
    }
    const named = numbers().map((number) => [numbered.terms[number] ?? "", number] as const);
    // In the order of the file, in which they are much faster to put in.
    named.sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [term, number] of named)
      yield [term, group(sorted.subarray((ends[number] ?? 0) * 2, (ends[number + 1] ?? 0) * 2))];
  }

  return {
    size: () => occurrences.length / stride,
    terms: () => numbers().map((number) => numbered.terms[number] ?? ""),
    add,
    all,
    placesOf: (term) => {
      const number = numbered.numberOf(term);
      return number === undefined || (last.array[number] ?? 0) === 0 ? undefined : places(number);
    },
  };
};

/** Places of one term from pairs of slot and position, rising. */
const group = (pairs: Uint32Array): TermPlaces => {
  const slots: number[] = [];
  const frequencies: number[] = [];
  const positions: number[] = [];
  let last = -1;
  for (let at = 0; at < pairs.length; at += 2) {
    const slot = pairs[at] ?? 0;
    if (slot === last) {
      frequencies[frequencies.length - 1] = (frequencies.at(-1) ?? 0) + 1;
    } else {
      slots.push(slot);
      frequencies.push(1);
      last = slot;
    }
    positions.push(pairs[at + 1] ?? 0);
  }
  return { slots, frequencies, positions };
};
