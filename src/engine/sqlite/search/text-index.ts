import { createNumberedTerms } from "../../../search/text/numbered-terms.ts";
import { numbersIn, push, type WholeNumbers, wholeNumbers } from "../../in-memory/number-list.ts";
import { createCachedPostings } from "./cached-postings.ts";
import type { Postings } from "./postings.ts";
import type { Mark } from "./saved-partitions.ts";
import type { SavedPositions, SavedPostings } from "./saved-postings.ts";
import { createTextTail, type TextTail } from "./text-tail.ts";

/** What the texts of a partition hold. It follows the documents slot by slot. */
export type TextIndex = {
  /** How many slots it holds. */
  readonly size: () => number;
  /** By slot, in terms. */
  readonly lengths: WholeNumbers;
  /** The longest of them, some that are dead among them. */
  readonly longest: () => number;
  /** The lengths of all slots that are alive, together. */
  readonly liveLength: () => number;
  /** Takes the length of the next slot, whose postings the search file has. */
  readonly load: (length: number, isAlive: boolean) => void;
  /** Takes the texts of the next slot; undefined: it is dead. */
  readonly add: (texts: readonly { readonly text: string }[] | undefined) => void;
  readonly kill: (slot: number) => void;
  /** What the search file does not have, the oldest first. */
  readonly tails: () => readonly TextTail[];
  /** Begins another tail, so that those there were can be saved. */
  readonly freeze: () => readonly TextTail[];
  /** Forgets tails that were saved. */
  readonly drop: (saved: readonly TextTail[]) => void;
  /** Where a term stands, dead slots too. Not to be changed. */
  readonly read: (term: string) => Postings;
  /** How many numbers it holds in memory. */
  readonly held: () => number;
  /** The same in the search file, with the places within the texts. */
  readonly savedPositions: (term: string) => readonly SavedPositions[];
  /** Up to `limit` terms that begin so. */
  readonly termsWith: (prefix: string, limit: number) => string[];
};

/** @param mark what the search file has of the partition */
export const createTextIndex = (saved: SavedPostings, mark: () => Mark | undefined): TextIndex => {
  const lengths = wholeNumbers();
  const cached = createCachedPostings(saved);
  let numbered = createNumberedTerms();
  let tails: readonly TextTail[] = [createTextTail(numbered)];
  let liveLength = 0;
  let longest = 0;

  const pushLength = (length: number): void => {
    push(lengths, length);
    if (length > longest) longest = length;
  };

  const add: TextIndex["add"] = (texts) => {
    const slot = lengths.length;
    const length = texts ? (tails.at(-1)?.add(slot, texts) ?? 0) : 0;
    pushLength(length);
    liveLength += length;
  };

  const ofMark = <Result>(work: (mark: Mark) => readonly Result[]): readonly Result[] => {
    const known = mark();
    return known ? work(known) : [];
  };

  const read: TextIndex["read"] = (term) => {
    const known = mark();
    const before = known ? cached.read(known, term) : noPostings;
    const rest = tails.flatMap((tail) => tail.placesOf(term) ?? []);
    if (rest.length === 0) return before;
    return {
      slots: joined([numbersIn(before.slots), ...rest.map(({ slots }) => slots)]),
      frequencies: joined([numbersIn(before.frequencies), ...rest.map(({ frequencies }) => frequencies)]),
    };
  };

  const termsWith: TextIndex["termsWith"] = (prefix, limit) => {
    const found = new Set(ofMark((known) => saved.termsWith(known, prefix, limit)));
    for (const { terms } of tails) for (const term of terms()) if (term.startsWith(prefix)) found.add(term);
    return found.size <= limit ? [...found] : [...found].sort().slice(0, limit);
  };

  return {
    size: () => lengths.length,
    lengths,
    longest: () => longest,
    liveLength: () => liveLength,
    load: (length, isAlive) => {
      if (isAlive) liveLength += length;
      pushLength(length);
    },
    add,
    kill: (slot) => {
      if (slot < lengths.length) liveLength -= lengths.array[slot] ?? 0;
    },
    tails: () => tails,
    freeze: () => {
      const frozen = tails;
      if (numbered.terms.length > mostNumbered) numbered = createNumberedTerms();
      tails = [...tails, createTextTail(numbered)];
      return frozen;
    },
    drop: (gone) => {
      tails = tails.filter((tail) => !gone.includes(tail));
    },
    read,
    held: () => 2 * cached.size() + 4 * tails.reduce((sum, tail) => sum + tail.size(), 0),
    savedPositions: (term) => ofMark((known) => saved.positions(known, term)),
    termsWith,
  };
};

const noPostings: Postings = { slots: wholeNumbers(), frequencies: wholeNumbers() };

const joined = (parts: readonly ArrayLike<number>[]): WholeNumbers => {
  const array = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    array.set(part, at);
    at += part.length;
  }
  return { array, length: at };
};

/** Terms that keep their numbers from one tail to the next. */
const mostNumbered = 200_000;
