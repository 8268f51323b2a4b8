/** A number from 0 up to, but without, 1. Injected wherever chance has a part, so that tests can choose it. */
export type Random = () => number;

export const systemRandom: Random = () => Math.random();
