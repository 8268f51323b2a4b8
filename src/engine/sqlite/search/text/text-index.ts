import { limits } from "../../../../base/limits.ts";
import { createNumberedTerms } from "../../../../search/text/numbered-terms.ts";
import { append, numbersIn, push, type WholeNumbers, wholeNumbers } from "../../../in-memory/number-list.ts";
import type { Mark } from "../file/saved-partitions.ts";
import type { SavedPositions, SavedPostings } from "../file/saved-postings.ts";
import { addUpPostings } from "./add-up-postings.ts";
import { createCachedPostings } from "./cached-postings.ts";
import { decodePostings, type Postings } from "./postings.ts";
import { createTextTail, type TextTail } from "./text-tail.ts";

/** What the texts of a partition hold. It follows the documents slot by slot. */
export type TextIndex = {
  /** How many slots it holds. */
  readonly size: () => number;
  /** By slot, in terms. */
  readonly lengths: WholeNumbers;
  /** The longest of them, some that are dead among them. */
  readonly longest: () => number;
  /** How many slots that are alive have a text, and the lengths of those together. */
  readonly live: () => { readonly texts: number; readonly length: number };
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
  /** Where any term stands that begins so, as if all were one. */
  readonly readPrefix: (prefix: string) => Postings;
  /** How many numbers it holds in memory. */
  readonly held: () => number;
  /** The same in the search file, with the places within the texts. */
  readonly savedPositions: (term: string) => readonly SavedPositions[];
};

/** @param mark what the search file has of the partition */
export const createTextIndex = (saved: SavedPostings, mark: () => Mark | undefined): TextIndex => {
  const lengths = wholeNumbers();
  const cached = createCachedPostings(saved);
  let numbered = createNumberedTerms();
  let tails: readonly TextTail[] = [createTextTail(numbered)];
  let liveTexts = 0;
  let liveLength = 0;
  let longest = 0;

  /** A context without a text, or without a word in it, is none of those that texts are compared with. */
  const count = (length: number, step: 1 | -1): void => {
    if (length > 0) liveTexts += step;
    liveLength += step * length;
  };

  const pushLength = (length: number): void => {
    push(lengths, length);
    if (length > longest) longest = length;
  };

  const add: TextIndex["add"] = (texts) => {
    const slot = lengths.length;
    const length = texts ? (tails.at(-1)?.add(slot, texts) ?? 0) : 0;
    pushLength(length);
    count(length, 1);
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

  const readPrefix: TextIndex["readPrefix"] = (prefix) => {
    const all = { slots: wholeNumbers(), frequencies: wholeNumbers() };
    const known = mark();
    const blocks = known ? saved.blocksWith(known, prefix, limits.prefixLists) : [];
    for (const { first, block } of blocks) decodePostings(block, first, all);
    let left: number = limits.prefixLists;
    for (const { terms, placesOf } of tails) {
      for (const term of terms()) {
        const places = left > 0 && term.startsWith(prefix) ? placesOf(term) : undefined;
        if (!places) continue;
        left--;
        append(all.slots, places.slots);
        append(all.frequencies, places.frequencies);
      }
    }
    return addUpPostings(all);
  };

  return {
    size: () => lengths.length,
    lengths,
    longest: () => longest,
    live: () => ({ texts: liveTexts, length: liveLength }),
    load: (length, isAlive) => {
      if (isAlive) count(length, 1);
      pushLength(length);
    },
    add,
    kill: (slot) => {
      if (slot < lengths.length) count(lengths.array[slot] ?? 0, -1);
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
    readPrefix,
    held: () => 2 * cached.size() + 4 * tails.reduce((sum, tail) => sum + tail.size(), 0),
    savedPositions: (term) => {
      const known = mark();
      return known ? saved.positions(known, term) : [];
    },
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
