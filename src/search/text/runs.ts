import type { TextUnits } from "./text-units.ts";
import { firstHash, lastHash, nextHash } from "./word-hash.ts";

/** A run of a text that terms are made of, in UTF-16 units. `spaced`: of a script that sets spaces between words. */
export type Run = { readonly start: number; readonly end: number; readonly spaced: boolean };

/** Letters of scripts that set no spaces between words. */
const unspaced =
  "[[\\p{L}\\p{M}ﾞﾟ]&&[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}ーﾞﾟ]]";
const first = `[[\\p{L}\\p{N}]--${unspaced}]`;
const letters = `[[\\p{L}\\p{M}\\p{N}]--${unspaced}]`;
const word = `${first}${letters}*`;

/** What joins the parts of a name, an address, a path, a number: one of these between two letters or digits. */
const joint = "(?:_+|:{2}|:\\/\\/|[.\\-+#@\\/:\\\\=&~'’\u00ad]|(?<=\\d),(?=\\d{3}(?!\\d)))";

/** What has more parts than these is no name; the rest is a run of its own. */
const mostJoints = 32;

/** Letters and digits with what joins them, and C++ and C#; a run without spaces; an emoji. */
const runs = new RegExp(
  `(${word}(?:${joint}${word}){0,${mostJoints}}(?:(?<=(?<![\\p{L}\\p{N}])[A-Za-z])(?:\\+\\+|#))?)` +
    `|${unspaced}[${unspaced}\\p{M}]*|\\p{Extended_Pictographic}`,
  "gv",
);

const units = 0x10000;
const isPlain = new Uint8Array(units);
for (let code = 0; code < 128; code++) isPlain[code] = /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0;

const isJoint = new Uint8Array(units);
for (const character of "_.-+#@/:\\=&~',") isJoint[character.charCodeAt(0)] = 1;

/** The first place from `from` on where a run may begin. */
export const skipToRun = ({ text, codes }: TextUnits, from: number): number => {
  let start = from;
  while (start < text.length && (codes[start] ?? 0) < 128 && isPlain[codes[start] ?? 0] !== 1) start++;
  return start;
};

/** Where a run of ASCII letters and digits ends, and its hash. One is written anew for each: there are many. */
export type PlainRun = { end: number; hash: number };

/** Whether a run may go on behind such letters, by a joint or another letter. */
const goesOn = (codes: Uint16Array, end: number): boolean => {
  const next = codes[end] ?? 0;
  if (next > 127) return true;
  // A comma or a full stop before a space, or at the end, joins nothing.
  return isJoint[next] === 1 && ((codes[end + 1] ?? 0) > 32 || next === 35 || next === 43);
};

/**
 * Reads a run of ASCII letters and digits alone that begins at `start`.
 * @returns false where none does
 */
export const readPlain = (codes: Uint16Array, start: number, into: PlainRun): boolean => {
  let code = codes[start] ?? 0;
  if (isPlain[code] !== 1) return false;
  let end = start;
  let hash = firstHash;
  do {
    hash = nextHash(hash, code);
    code = codes[++end] ?? 0;
  } while (isPlain[code] === 1);
  if (goesOn(codes, end)) return false;
  into.end = end;
  into.hash = lastHash(hash);
  return true;
};

const plain: PlainRun = { end: 0, hash: 0 };

/**
 * The next run of a text that begins at `from` or after it. Words of ASCII, most of most texts, are found without the
 * pattern, which finds the same in ten times as long.
 */
export const nextRun = (read: TextUnits, from: number): Run | undefined => {
  const start = skipToRun(read, from);
  if (readPlain(read.codes, start, plain)) return { start, end: plain.end, spaced: true };
  runs.lastIndex = start;
  const found = runs.exec(read.text);
  if (!found) return undefined;
  return { start: found.index, end: found.index + found[0].length, spaced: found[1] !== undefined };
};
