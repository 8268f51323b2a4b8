import type { Json } from "../base/json.ts";

/** Gives equal values one number, and different ones different numbers. */
export type Identify = (value: Json) => number;

/**
 * Each value is known by the numbers of its parts ("hash consing", Ershov 1958), so that it is looked at once, however
 * often and on whichever level it is compared. The order of members does not count.
 */
export const createIdentify = (): Identify => {
  const known = new Map<unknown, number>();
  const compounds = new Map<string, number>();
  const seen = new WeakMap<object, number>();
  let last = 0;

  const numberOf = <Key>(numbers: Map<Key, number>, key: Key): number => {
    const found = numbers.get(key) ?? ++last;
    numbers.set(key, found);
    return found;
  };

  const signatureOf = (value: readonly Json[] | Record<string, Json>): string =>
    Array.isArray(value)
      ? `[${value.map(identify).join()}`
      : Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, item]) => `${numberOf(known, name)}:${identify(item)}`)
          .join();

  const identify = (value: Json): number => {
    if (typeof value !== "object" || value === null) return numberOf(known, value);
    const before = seen.get(value);
    if (before !== undefined) return before;
    const number = numberOf(compounds, signatureOf(value as readonly Json[] | Record<string, Json>));
    seen.set(value, number);
    return number;
  };
  return identify;
};
