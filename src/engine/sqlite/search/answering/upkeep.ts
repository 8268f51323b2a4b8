import type { SearchIndex } from "../file/search-index.ts";
import type { Pieces } from "../file/slices.ts";
import type { Known, KnownPartitions } from "../partition/known-partitions.ts";

/** What a searcher does while nobody searches. None of it throws. */
export type Upkeep = {
  /** Whether there is something to do although nothing was written. */
  readonly isBehind: () => boolean;
  /** Takes in what was written meanwhile, and saves what is worth it. */
  readonly follow: () => Promise<void>;
  /** Saves what took long to derive, so that who opens the store next need not derive it. */
  readonly keep: () => Promise<void>;
};

/**
 * @param index the search file that is in use; undefined before there is one
 * @param onFailure is told what failed, and what was in use then
 */
export const createUpkeep = (
  partitions: KnownPartitions,
  index: () => SearchIndex | undefined,
  onFailure: (used: SearchIndex | undefined, cause: unknown) => void,
): Upkeep => {
  /** The search file that has nothing in it that nobody uses. */
  let tidied: SearchIndex | undefined;

  const followOne = async ({ kept, withTexts }: Known): Promise<void> => {
    await kept.prepare(withTexts);
    if (!kept.isDue()) return;
    await kept.maintain();
    tidied = undefined;
  };

  /** Removes what nobody uses, bit by bit. */
  const tidy = async (used: SearchIndex): Promise<void> => {
    tidied = used;
    const { change, partitions: saved, postings } = used;
    function* removals(): Pieces<true> {
      for (const partition of saved.obsolete()) saved.remove(partition);
      while (postings.removeLeftOver()) yield;
      return true;
    }
    await change(removals, () => undefined);
  };

  const attempt = async (work: (used: SearchIndex | undefined) => Promise<void>): Promise<void> => {
    const used = index();
    try {
      await work(used);
    } catch (cause) {
      onFailure(used, cause);
    }
  };

  return {
    isBehind: () => tidied !== index() || partitions.followed().some(({ kept }) => kept.isDue()),
    follow: () =>
      attempt(async (used) => {
        for (const known of partitions.followed()) await followOne(known);
        if (used && tidied !== used) await tidy(used);
      }),
    keep: () =>
      attempt(async () => {
        for (const { kept } of partitions.followed()) await kept.keep();
      }),
  };
};
