import { askingTerm } from "../../search/text/marks.ts";
import { createNumberedTerms } from "../../search/text/numbered-terms.ts";
import type { Postings } from "../../search/text/score-windows.ts";
import type { TextQuery } from "../../search/text/text-query.ts";

/** Where the terms that a query asks for stand in documents that come one after another. */
export type QueryTerms = {
  /** Takes the texts of the next slot. @returns how many words there are */
  readonly add: (slot: number, texts: readonly { readonly text: string }[]) => number;
  readonly read: (term: string) => Postings;
  /** A prefix counts as one term that stands wherever a term that begins so does. */
  readonly readPrefix: (prefix: string) => Postings;
  /** Whether terms of a phrase stand in the texts of a slot one after another. */
  readonly hasPhrase: (phrase: readonly string[], slot: number) => boolean;
};

type Found = {
  readonly slots: number[];
  readonly frequencies: number[];
  /** By slot; kept of terms of phrases. */
  readonly positions: Map<number, number[]> | undefined;
};

/** Terms that have numbers at one time, so that a large store takes no more memory for them. */
const mostNumbered = 200_000;

const put = ({ slots, frequencies, positions }: Found, slot: number, position: number): void => {
  const last = slots.length - 1;
  if (slots[last] === slot) {
    frequencies[last] = (frequencies[last] ?? 0) + 1;
  } else {
    slots.push(slot);
    frequencies.push(1);
  }
  if (!positions) return;
  const known = positions.get(slot);
  if (known) known.push(position);
  else positions.set(slot, [position]);
};

const toPostings = (found: Pick<Found, "slots" | "frequencies"> | undefined): Postings => ({
  slots: found?.slots ?? [],
  frequencies: found?.frequencies ?? [],
  count: found?.slots.length ?? 0,
});

const merge = (all: readonly Found[]): Postings => {
  const sums = new Map<number, number>();
  for (const { slots, frequencies } of all)
    for (const [at, slot] of slots.entries()) sums.set(slot, (sums.get(slot) ?? 0) + (frequencies[at] ?? 0));
  const slots = [...sums.keys()].sort((a, b) => a - b);
  return toPostings({ slots, frequencies: slots.map((slot) => sums.get(slot) ?? 0) });
};

export const createQueryTerms = ({ terms, prefixes, phrases, names }: TextQuery): QueryTerms => {
  const wanted = new Set([...terms, ...names, askingTerm]);
  const inPhrases = new Set(phrases.flat());
  const foundByTerm = new Map<string, Found>();
  let numbered = createNumberedTerms();
  /** By the number of the term; undefined for one that nobody asks for. */
  let foundByNumber: (Found | undefined)[] = [];

  const foundFor = (term: string): Found | undefined => {
    const known = foundByTerm.get(term);
    if (known || !(wanted.has(term) || prefixes.some((prefix) => term.startsWith(prefix)))) return known;
    const positions = inPhrases.has(term) ? new Map<number, number[]>() : undefined;
    const found: Found = { slots: [], frequencies: [], positions };
    foundByTerm.set(term, found);
    return found;
  };

  return {
    add: (slot, texts) => {
      if (numbered.terms.length > mostNumbered) {
        numbered = createNumberedTerms();
        foundByNumber = [];
      }
      const { numbers, positions, count, length } = numbered.read(texts);
      for (let number = foundByNumber.length; number < numbered.terms.length; number++)
        foundByNumber.push(foundFor(numbered.terms[number] ?? ""));
      for (let at = 0; at < count; at++) {
        const found = foundByNumber[numbers[at] ?? 0];
        if (found) put(found, slot, positions[at] ?? 0);
      }
      return length;
    },
    read: (term) => toPostings(foundByTerm.get(term)),
    readPrefix: (prefix) =>
      merge([...foundByTerm].filter(([term]) => term.startsWith(prefix)).map(([, found]) => found)),
    hasPhrase: (phrase, slot) => {
      const places = phrase.map((term) => foundByTerm.get(term)?.positions?.get(slot) ?? []);
      const [head = [], ...rest] = places;
      return head.some((start) => rest.every((next, at) => next.includes(start + at + 1)));
    },
  };
};
