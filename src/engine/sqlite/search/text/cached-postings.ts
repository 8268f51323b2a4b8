import { limits } from "../../../../base/limits.ts";
import { type WholeNumbers, wholeNumbers } from "../../../in-memory/number-list.ts";
import type { Mark } from "../file/saved-partitions.ts";
import type { SavedBlock, SavedPostings } from "../file/saved-postings.ts";
import { decodePostings, type Postings } from "./postings.ts";

/** Postings of the search file, those of common terms decoded once. They are not to be changed. */
export type CachedPostings = {
  readonly read: (mark: Mark, term: string) => Postings;
  /** How many are kept. */
  readonly size: () => number;
};

/** Fewer are decoded faster than they are looked after. */
const fewPostings = 500;

/** Where postings are decoded, since only then it is known how many they are. */
const scratch: Postings = { slots: wholeNumbers(), frequencies: wholeNumbers() };

const copyOf = (list: WholeNumbers): WholeNumbers => {
  const array = list.array.slice(0, list.length);
  return { array, length: array.length };
};

const decodeAll = (blocks: readonly SavedBlock[]): Postings => {
  scratch.slots.length = 0;
  scratch.frequencies.length = 0;
  for (const { first, block } of blocks) decodePostings(block, first, scratch);
  return { slots: copyOf(scratch.slots), frequencies: copyOf(scratch.frequencies) };
};

export const createCachedPostings = (saved: SavedPostings): CachedPostings => {
  /** By term, those that were read last at the end. */
  const cached = new Map<string, Postings>();
  let of: Mark | undefined;
  let size = 0;

  const keep = (term: string, postings: Postings): void => {
    cached.set(term, postings);
    size += postings.slots.length;
    for (const [oldest, { slots }] of cached) {
      if (size <= limits.searchCachedPostings) break;
      cached.delete(oldest);
      size -= slots.length;
    }
  };

  return {
    size: () => size,
    read: (mark, term) => {
      if (of?.partition !== mark.partition || of.revision !== mark.revision) {
        cached.clear();
        size = 0;
        of = mark;
      }
      const known = cached.get(term);
      cached.delete(term);
      if (known) {
        cached.set(term, known);
        return known;
      }
      const postings = decodeAll(saved.blocks(mark, term));
      if (postings.slots.length > fewPostings) keep(term, postings);
      return postings;
    },
  };
};
