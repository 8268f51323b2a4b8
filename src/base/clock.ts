import { performance } from "node:perf_hooks";

/** Wall-clock time in milliseconds since 1970, as `Date.now` gives it. Injected wherever a time is stored. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** Monotonic milliseconds with a fraction, for measuring how long something took; never stored. */
export const stopwatch = (): number => performance.now();
