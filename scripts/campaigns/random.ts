/** Reproducible chance. */
export type Random = {
  /** A whole number from 0 to below `end`. */
  readonly below: (end: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
};

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, plenty to choose what a campaign does. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (end: number): number => Math.floor((next() / 2 ** 32) * end);
  const pick = <T>(items: readonly T[]): T => {
    const picked = items[below(items.length)];
    if (picked === undefined) throw new Error("Nothing to pick from.");
    return picked;
  };
  return { below, pick };
};
