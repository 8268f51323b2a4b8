import { push, type WholeNumbers, wholeNumbers } from "./number-list.ts";
import { documentTerms } from "./pending-text.ts";
import { decodePostings, type Postings } from "./postings.ts";
import { createTextTail, type TextTail } from "./text-tail.ts";

/** A block of postings as the search file has it. Its slots begin at `first`. */
export type SavedBlock = { readonly first: number; readonly block: Uint8Array };
export type SavedPositions = SavedBlock & { readonly positions: Uint8Array };

/** The postings of one partition in the search file. */
export type SavedPostings = {
  /** Its blocks, rising. */
  readonly blocks: (term: string) => readonly SavedBlock[];
  readonly positions: (term: string) => readonly SavedPositions[];
  /** Up to `limit` terms that begin so. */
  readonly termsWith: (prefix: string, limit: number) => readonly string[];
};

/** What the texts of a partition hold. It follows the documents slot by slot. */
export type TextIndex = {
  /** How many slots it holds. */
  readonly size: () => number;
  /** By slot, in terms. */
  readonly lengths: WholeNumbers;
  /** The lengths of all slots that are alive, together. */
  readonly liveLength: () => number;
  /** The texts of the next slot; undefined: it is dead. */
  readonly add: (texts: readonly { readonly text: string }[] | undefined) => void;
  readonly kill: (slot: number) => void;
  readonly tail: TextTail;
  readonly saved: SavedPostings;
  /** Appends where a term stands, dead slots too. */
  readonly read: (term: string, into: Postings) => void;
  /** Up to `limit` terms that begin so. */
  readonly termsWith: (prefix: string, limit: number) => string[];
  /** Takes the lengths of slots whose postings the search file has. */
  readonly load: (lengths: Uint32Array, isAlive: (slot: number) => boolean) => void;
};

export const createTextIndex = (saved: SavedPostings): TextIndex => {
  const lengths = wholeNumbers();
  const tail = createTextTail();
  let liveLength = 0;

  const add: TextIndex["add"] = (texts) => {
    const slot = lengths.length;
    const { length, positions } = texts ? documentTerms(texts) : nothing;
    push(lengths, length);
    liveLength += length;
    if (length > 0) tail.add(slot, positions);
  };

  const read: TextIndex["read"] = (term, into) => {
    for (const { first, block } of saved.blocks(term)) decodePostings(block, first, into);
    const rest = tail.terms.get(term);
    if (!rest) return;
    for (const slot of rest.slots) push(into.slots, slot);
    for (const frequency of rest.frequencies) push(into.frequencies, frequency);
  };

  const termsWith: TextIndex["termsWith"] = (prefix, limit) => {
    const terms = new Set(saved.termsWith(prefix, limit));
    for (const term of tail.terms.keys()) {
      if (terms.size >= limit) break;
      if (term.startsWith(prefix)) terms.add(term);
    }
    return [...terms];
  };

  return {
    size: () => lengths.length,
    lengths,
    liveLength: () => liveLength,
    add,
    kill: (slot) => {
      liveLength -= lengths.array[slot] ?? 0;
    },
    tail,
    saved,
    read,
    termsWith,
    load: (saved, isAlive) => {
      for (const length of saved) {
        if (isAlive(lengths.length)) liveLength += length;
        push(lengths, length);
      }
    },
  };
};

const nothing = { length: 0, positions: new Map<string, number[]>() } as const;
