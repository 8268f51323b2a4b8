import { LRUCache } from "lru-cache";

/** How many texts hold a term, as it was counted not long ago: what many hold takes long to count. */
export type TermCounts = {
  readonly of: (query: string) => number | undefined;
  readonly note: (query: string, count: number) => void;
};

/** What fewer texts hold is counted anew: it is quick, and one more of few makes a difference. */
const leastKept = 1_000;
const keptMilliseconds = 60_000;
const keptTerms = 20_000;

/** @param now milliseconds */
export const createTermCounts = (now: () => number): TermCounts => {
  const counts = new LRUCache<string, { readonly count: number; readonly at: number }>({ max: keptTerms });
  return {
    of: (query) => {
      const known = counts.get(query);
      return known && now() - known.at < keptMilliseconds ? known.count : undefined;
    },
    note: (query, count) => {
      if (count < leastKept || counts.has(query)) return;
      counts.set(query, { count, at: now() });
    },
  };
};
