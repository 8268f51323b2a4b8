import type { CountQuery } from "../port/searching.ts";
import { fitsOf } from "./fits.ts";
import { type Gathering, looksAtLifted, looksInside } from "./gathering.ts";
import type { ReadSubject } from "./read-subject.ts";

/** Counts what fits. */
export const gatherCount = (query: CountQuery, read: ReadSubject): Gathering<number> => {
  const fits = fitsOf(query);
  let count = 0;
  return {
    walk: {
      type: query.type,
      after: undefined,
      direction: "newest first",
      most: undefined,
      bodies: looksInside(query),
    },
    lifted: looksAtLifted(query),
    take: (standing) => {
      if (fits(read(standing))) count++;
      return true;
    },
    answer: () => count,
  };
};
