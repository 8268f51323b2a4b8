import { createRecent } from "./recent.ts";

/** How many texts hold a term, as it was counted not long ago: what many hold takes long to count. */
export type TermCounts = {
  readonly of: (query: string) => number | undefined;
  readonly note: (query: string, count: number) => void;
};

/** What fewer texts hold is counted anew: it is quick, and one more of few makes a difference. */
const leastKept = 1_000;
const keptMilliseconds = 60_000;

export const createTermCounts = (): TermCounts => {
  const counts = createRecent<number>(keptMilliseconds);
  return {
    of: (query) => counts.of(query)?.value,
    note: (query, count) => {
      if (count >= leastKept && !counts.of(query)) counts.note(query, count);
    },
  };
};
