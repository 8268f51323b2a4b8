import type { NumberedTerms } from "../../../../search/text/numbered-terms.ts";
import { reserve, wholeNumbers } from "../../../in-memory/number-list.ts";
import { createGrouping, type TermPlaces } from "./term-places.ts";

/** The terms of documents that are not in the search file yet, in memory. */
export type TextTail = {
  /** How many occurrences of terms it has, to judge its size by. */
  readonly size: () => number;
  readonly terms: () => Iterable<string>;
  /** @returns how many words there are */
  readonly add: (slot: number, texts: readonly { readonly text: string }[]) => number;
  readonly placesOf: (term: string) => TermPlaces | undefined;
  /**
   * Every term with its places, sorted at once, which is much faster than to ask for each. They hold until the next
   * term is asked for.
   */
  readonly all: () => Iterable<readonly [term: string, places: TermPlaces]>;
};

/**
 * Numbers that are kept of an occurrence, side by side: the one before it of the same term, plus 1; its slot; its
 * position; the number of its term.
 */
const stride = 4;

/** Occurrences in one piece of memory: so none of them is copied as there come more. */
const pageOccurrences = 2 ** 14;

/** Numbers that are kept of a term, side by side: its last occurrence, plus 1, and how many it has. */
const termStride = 2;

/**
 * Occurrences lie in the order in which they came; those of one term form a chain from the last to the first. So they
 * are put in fast, whatever the terms, and are sorted only once they are asked for.
 */
export const createTextTail = (numbered: NumberedTerms): TextTail => {
  const ofTerms = wholeNumbers();
  const pages: Uint32Array[] = [];
  let size = 0;

  const add: TextTail["add"] = (slot, texts) => {
    const { numbers, positions, count, length } = numbered.read(texts);
    const known = numbered.terms.length * termStride;
    reserve(ofTerms, known - ofTerms.length);
    ofTerms.length = known;
    const terms = ofTerms.array;
    for (let index = 0; index < count; ) {
      const page = pages[Math.floor(size / pageOccurrences)] ?? addPage();
      const first = size % pageOccurrences;
      const end = Math.min(first + count - index, pageOccurrences);
      for (let at = first * stride; at < end * stride; at += stride) {
        const number = numbers[index] ?? 0;
        const term = number * termStride;
        page[at] = terms[term] ?? 0;
        page[at + 1] = slot;
        page[at + 2] = positions[index++] ?? 0;
        page[at + 3] = number;
        terms[term] = ++size;
        terms[term + 1] = (terms[term + 1] ?? 0) + 1;
      }
    }
    return length;
  };

  const addPage = (): Uint32Array => {
    const page = new Uint32Array(pageOccurrences * stride);
    pages.push(page);
    return page;
  };

  const countOf = (number: number): number => ofTerms.array[number * termStride + 1] ?? 0;

  const places = (number: number): TermPlaces => {
    const count = countOf(number);
    const slots = new Uint32Array(count);
    const frequencies = new Uint32Array(count);
    const positions = new Uint32Array(count);
    let place = count;
    let index = count;
    let last = -1;
    for (let next = ofTerms.array[number * termStride] ?? 0; next > 0; ) {
      const page = pages[Math.floor((next - 1) / pageOccurrences)] ?? noPage;
      const at = ((next - 1) % pageOccurrences) * stride;
      const slot = page[at + 1] ?? 0;
      if (slot !== last) {
        last = slot;
        slots[--index] = slot;
      }
      frequencies[index] = (frequencies[index] ?? 0) + 1;
      positions[--place] = page[at + 2] ?? 0;
      next = page[at] ?? 0;
    }
    return { slots: slots.subarray(index), frequencies: frequencies.subarray(index), positions };
  };

  /** Of the terms that stand here. */
  const numbers = (): number[] => {
    const standing: number[] = [];
    const known = ofTerms.length / termStride;
    for (let number = 0; number < known; number++) if (countOf(number) > 0) standing.push(number);
    return standing;
  };

  function* all(): Generator<readonly [string, TermPlaces]> {
    const standing = numbers();
    const starts = new Uint32Array(ofTerms.length / termStride);
    let end = 0;
    for (const number of standing) {
      starts[number] = end;
      end += countOf(number);
    }
    const pairs = new Uint32Array(size * 2);
    for (const [nth, page] of pages.entries()) {
      const length = Math.min(size - nth * pageOccurrences, pageOccurrences) * stride;
      for (let at = 0; at < length; at += stride) {
        const number = page[at + 3] ?? 0;
        const place = starts[number] ?? 0;
        starts[number] = place + 1;
        pairs[place * 2] = page[at + 1] ?? 0;
        pairs[place * 2 + 1] = page[at + 2] ?? 0;
      }
    }
    const named = standing.map((number) => [numbered.terms[number] ?? "", number] as const);
    // In the order of the file, in which they are much faster to put in.
    named.sort(([a], [b]) => (a < b ? -1 : 1));
    const group = createGrouping();
    for (const [term, number] of named) {
      const last = (starts[number] ?? 0) * 2;
      yield [term, group(pairs, last - countOf(number) * 2, last)];
    }
  }

  return {
    size: () => size,
    terms: () => numbers().map((number) => numbered.terms[number] ?? ""),
    add,
    all,
    placesOf: (term) => {
      const number = numbered.numberOf(term);
      return number === undefined || countOf(number) === 0 ? undefined : places(number);
    },
  };
};

const noPage = new Uint32Array(0);
