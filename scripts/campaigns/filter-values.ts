import type { Json } from "../../src/base/json.ts";
import type { Random } from "./random.ts";

/** Names that mean something to JSON paths, to SQL or to JavaScript, beside plain ones. */
export const hostileNames: readonly string[] = [
  "x.y",
  "",
  "$gt",
  "$",
  "constructor",
  "toString",
  "hasOwnProperty",
  "a'b",
  'q"q',
  '"',
  "back\\slash",
  "\\",
  "ünï",
  "u\u0308",
  "[0]",
  "0",
  "length",
  "*",
  "#-1",
  "\u0001",
  "😀",
  "%_",
  "a--;",
  "{1,2}",
];

const long = "ab".repeat(99);

const texts: readonly string[] = [
  ...[
    "",
    "a",
    "A",
    "ab",
    "abc",
    "b",
    "0",
    "1",
    "01",
    "1.0",
    "true",
    "null",
    "[]",
    "{}",
    '"',
    "\\",
    "'",
    "''",
  ],
  ...["%", "_", "a%", "/", "\u0001", "\n", "é", "e\u0301", "ß", "～", "\uE000", "\uFFFD", "😀", "😀a", "😁"],
  ...["\u{10FFFF}", "\u{10FFFF}\u{10FFFF}", "\uD7FF", "İ", "ı", "1e3", "__proto__", "a\u{10FFFF}"],
  ...[
    `${long}xy`,
    `${long}xyz`,
    `${long}xya`,
    `${long}xy\u{10FFFF}`,
    `${long}😀😀`,
    `${long}😀😀😀`,
    `${long}😀😁`,
  ],
];

const numbers: readonly number[] = [
  ...[0, 1, -1, 2, 10, 100, 0.1, 0.3, 0.1 + 0.2, 1.5, -1.5, 1e21, 1e-7, 123456789.12345679],
  ...[2 ** 53, 2 ** 53 + 2, 2 ** 60, 2 ** 63, 2 ** 64, -(2 ** 63), 9.1e15, 1.7976931348623157e308],
  ...[
    5e-324, 2.2250738585072014e-308, 1e15, 1e16, 1e17, 123456789012345680000, 4.35, 0.000001,
    33.333333333333336,
  ],
];

const scalar = (random: Random): Json =>
  random.pick<Json>([random.pick(texts), random.pick(numbers), true, false, null, "a", 1]);

const permuted = (random: Random, value: { readonly [name: string]: Json }): Json =>
  Object.fromEntries(random.below(2) === 0 ? Object.entries(value) : Object.entries(value).reverse());

/** A value as contexts hold it and filters ask for it: few enough that they meet. */
export const randomValue = (random: Random, depth = 0): Json => {
  const kind = random.below(depth > 2 ? 6 : 12);
  if (kind < 8) return scalar(random);
  if (kind < 10) {
    const length = random.below(300) === 0 ? 1_000 + random.below(3) : random.below(4);
    return length > 4
      ? Array.from({ length }, (_, at) => at)
      : Array.from({ length }, () => randomValue(random, depth + 1));
  }
  if (kind === 10)
    return permuted(random, { a: random.pick<Json>([1, "1", null]), b: random.pick<Json>([2, []]) });
  return { [random.pick(hostileNames)]: randomValue(random, depth + 1) };
};
