import { push, wholeNumbers } from "./number-list.ts";

/** Where a term stands: slots, rising, how often in each, and its places in them, one after another. */
export type TermPlaces = {
  readonly slots: ArrayLike<number>;
  readonly frequencies: ArrayLike<number>;
  readonly positions: ArrayLike<number>;
};

/** The postings of documents that are not in the search file yet, in memory. */
export type TextTail = {
  /** How many postings it has, to judge its size by. */
  readonly size: () => number;
  readonly terms: () => Iterable<string>;
  readonly add: (slot: number, positions: ReadonlyMap<string, ArrayLike<number>>) => void;
  readonly placesOf: (term: string) => TermPlaces | undefined;
};

/**
 * Postings lie in the order in which they came; those of one term form a chain from the last to the first. So they
 * are put in fast, whatever the terms, and are sorted only once they are asked for.
 */
export const createTextTail = (): TextTail => {
  const numbers = new Map<string, number>();
  /** By number of the term: its last posting plus 1, how many it has, and how often it stands there. */
  const [last, counts, occurrences] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  /** By posting: the one before it of the same term, plus 1; its slot; and where its positions end. */
  const [before, slots, ends] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  const positions = wholeNumbers();

  const numberOf = (term: string): number => {
    const known = numbers.get(term);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(term, number);
    push(last, 0);
    push(counts, 0);
    push(occurrences, 0);
    return number;
  };

  const add: TextTail["add"] = (slot, found) => {
    for (const [term, at] of found) {
      const number = numberOf(term);
      for (let index = 0; index < at.length; index++) push(positions, at[index] ?? 0);
      push(before, last.array[number] ?? 0);
      push(slots, slot);
      push(ends, positions.length);
      last.array[number] = slots.length;
      counts.array[number] = (counts.array[number] ?? 0) + 1;
      occurrences.array[number] = (occurrences.array[number] ?? 0) + at.length;
    }
  };

  const placesOf = (term: string): TermPlaces | undefined => {
    const number = numbers.get(term);
    if (number === undefined) return undefined;
    let index = counts.array[number] ?? 0;
    let place = occurrences.array[number] ?? 0;
    const places = {
      slots: new Uint32Array(index),
      frequencies: new Uint32Array(index),
      positions: new Uint32Array(place),
    };
    for (let next = last.array[number] ?? 0; next > 0; next = before.array[next - 1] ?? 0) {
      const posting = next - 1;
      const start = posting === 0 ? 0 : (ends.array[posting - 1] ?? 0);
      const end = ends.array[posting] ?? 0;
      index--;
      places.slots[index] = slots.array[posting] ?? 0;
      places.frequencies[index] = end - start;
      // One by one: most are few, and a view of them costs more than they do.
      for (let at = end - 1; at >= start; at--) places.positions[--place] = positions.array[at] ?? 0;
    }
    return places;
  };

  return { size: () => slots.length, terms: () => numbers.keys(), add, placesOf };
};
