const firstSurrogate = 0xd800;
const lastSurrogate = 0xdfff;

/** Where a UTF-16 unit stands among code points: the halves of a pair belong above U+FFFF, whatever their numbers. */
const rank = (unit: number): number =>
  unit >= firstSurrogate && unit <= lastSurrogate ? unit + 0x10000 : unit;

/**
 * Compares texts by code point, as their UTF-8 bytes compare: JavaScript's own `<` compares UTF-16 units, which
 * puts U+1F600 before U+FF5E.
 * @returns below 0, 0 or above 0
 */
export const compareText = (a: string, b: string): number => {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
