import { createRandom as createNumbers } from "../../src/testing/random.ts";

/** Reproducible chance. */
export type Random = {
  /** A whole number from 0 to below `end`. */
  readonly below: (end: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
};

/** What a campaign does, by numbers that are the same for the same seed. */
export const createRandom = (seed: number): Random => {
  const next = createNumbers(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const pick = <T>(items: readonly T[]): T => {
    const picked = items[below(items.length)];
    if (picked === undefined) throw new Error("Nothing to pick from.");
    return picked;
  };
  return { below, pick };
};
