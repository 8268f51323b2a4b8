import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Mark } from "./saved-partitions.ts";

/** A block of postings as the search file has it. Its slots begin at `first`. */
export type SavedBlock = { readonly first: number; readonly block: Uint8Array };
export type SavedPositions = SavedBlock & { readonly positions: Uint8Array };

/** Postings in the search file. Of a partition only those are read that its mark tells of. */
export type SavedPostings = {
  /** The blocks of a term, rising. */
  readonly blocks: (mark: Mark, term: string) => readonly SavedBlock[];
  readonly positions: (mark: Mark, term: string) => readonly SavedPositions[];
  /** The blocks of all terms that begin so, those of a term rising. */
  readonly blocksWith: (mark: Mark, prefix: string, limit: number) => Iterable<SavedBlock>;
  /** Terms behind one, in order. */
  readonly termsAfter: (partition: number, term: string, limit: number) => readonly string[];
  readonly add: (
    partition: number,
    term: string,
    first: number,
    block: Uint8Array,
    positions: Uint8Array,
  ) => void;
  /** Removes some of what partitions that are gone left over. @returns whether there may be more */
  readonly removeLeftOver: () => boolean;
};

/** Behind every text that begins with the same. */
const end = "\u{10ffff}";
/** Terms whose postings are removed at once. */
const removedTerms = 500;

export const createSavedPostings = (database: Database): SavedPostings => {
  const ofTerm = "partition = ? AND term = ? AND first < ? ORDER BY first";
  const blocks = database.prepare<[number, string, number], SavedBlock>(
    `SELECT first, block FROM postings WHERE ${ofTerm}`,
  );
  const positions = database.prepare<[number, string, number], SavedPositions>(
    `SELECT first, block, positions FROM postings WHERE ${ofTerm}`,
  );
  const blocksWith = database.prepare<[number, string, string, number, number], SavedBlock>(
    `SELECT first, block FROM postings WHERE partition = ? AND term >= ? AND term < ? AND first < ?
     ORDER BY term, first LIMIT ?`,
  );
  const termsAfter = database
    .prepare<[number, string, number], string>(
      "SELECT DISTINCT term FROM postings WHERE partition = ? AND term > ? ORDER BY term LIMIT ?",
    )
    .pluck();
  const add = database.prepare(
    "INSERT INTO postings (partition, term, first, block, positions) VALUES (?, ?, ?, ?, ?)",
  );
  const leftOver = database
    .prepare<[], number>(
      `WITH RECURSIVE present (partition) AS (
         SELECT min(partition) FROM postings
         UNION ALL
         SELECT (SELECT min(partition) FROM postings WHERE partition > present.partition) FROM present
         WHERE present.partition IS NOT NULL
       )
       SELECT partition FROM present
       WHERE partition IS NOT NULL AND partition NOT IN (SELECT partition FROM partitions) LIMIT 1`,
    )
    .pluck();
  const remove = database.prepare("DELETE FROM postings WHERE partition = ? AND term <= ?");

  return {
    blocks: ({ partition, texted }, term) => blocks.all(partition, term, texted),
    positions: ({ partition, texted }, term) => positions.all(partition, term, texted),
    blocksWith: ({ partition, texted }, prefix, limit) =>
      blocksWith.iterate(partition, prefix, `${prefix}${end}`, texted, limit),
    termsAfter: (partition, term, limit) => termsAfter.all(partition, term, limit),
    add: (partition, term, first, block, places) => {
      add.run(partition, term, first, block, places);
    },
    removeLeftOver: () => {
      const partition = leftOver.get();
      if (partition === undefined) return false;
      const last = termsAfter.all(partition, "", removedTerms).at(-1);
      if (last !== undefined) remove.run(partition, last);
      return true;
    },
  };
};
