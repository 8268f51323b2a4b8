import { limits } from "../base/limits.ts";

/** What tells how alike two texts are, without the texts. */
export type Fingerprint = {
  /** The smallest hashes of its word pairs, ascending; all of them where there are few. */
  readonly hashes: Uint32Array;
  /** What it holds beside plain words: numbers and symbols, in their order, as they are written. */
  readonly exact: string;
};

/** Hashes kept of a text: the share that two have in common is then off by 0.03 on average, at most. */
const keptHashes = 256;

/** Characters of the scripts that have no spaces between words. */
const unspaced = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Khmer}\\p{sc=Lao}";

/** Words; where a script has no spaces between them, each character. */
const word = new RegExp(`[${unspaced}]|[[\\p{L}\\p{M}\\p{N}]--[${unspaced}]]+`, "gv");

/** What separates pieces of which each is compared as it is written. */
const gap = new RegExp(`[\\s${unspaced}]+`, "v");

/** What a piece holds that is no plain word: a number, a symbol, or a sign that is read as a word. */
const isExact = /[\p{N}\p{Sm}\p{Sc}\p{So}#%&]/u;

/** Punctuation around a piece; a sign or a point before a number, and a percent sign behind it, belong to it. */
const leading = /^(?:[\p{Ps}\p{Pi}\p{Pf}"'`,:;!?*_…]|\.{2,}|\.(?!\p{N}))+/u;
// Looked for from its first character alone, or a long run within a piece would be looked through again and again.
const trailing = /(?<![\p{Pe}\p{Pi}\p{Pf}\p{Pd}"'`.,:;!?*_…])[\p{Pe}\p{Pi}\p{Pf}\p{Pd}"'`.,:;!?*_…]+$/u;

/** Marks at the beginnings of lines, of quotations, headings and lists. */
const lineMarks = /^[>#*+-][>#*+\-\s]*\s/gm;

/** ² becomes 2 with compatibility forms, but 10² is not 102. */
const raised = (text: string): string => text.replaceAll(/\p{No}/gu, " $&");

/** The numbers and symbols of a text, in their order. */
const exactOf = (text: string): string => {
  if (!isExact.test(text)) return "";
  const part = raised(text)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("\u2212", "-")
    .replaceAll(lineMarks, "");
  const pieces = part.split(gap).filter((piece) => isExact.test(piece));
  return pieces.map((piece) => piece.replace(leading, "").replace(trailing, "")).join(" ");
};

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
};

/** The finish of MurmurHash3: the smallest hashes are to be a fair sample. */
const mix = (value: number): number => {
  const first = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
};

/** The pairs of words that follow each other; a word that is alone makes one by itself. */
const pairsOf = (words: readonly string[]): Set<number> => {
  const hashes = words.map(hash);
  if (hashes.length === 1) return new Set(hashes.map(mix));
  return new Set(hashes.slice(1).map((next, index) => mix(Math.imul(hashes[index] ?? 0, 31) + next)));
};

/**
 * The fingerprint of a text: case, punctuation and spaces do not count between plain words, and the order of words by
 * pairs alone.
 */
export const fingerprintOf = (text: string): Fingerprint => {
  const part = text.slice(0, limits.fingerprintCharacters);
  const words = part.normalize("NFKC").toLowerCase().match(word) ?? [];
  return { hashes: Uint32Array.from(pairsOf(words)).sort().slice(0, keptHashes), exact: exactOf(part) };
};

/**
 * The share of word pairs that two texts have in common, from 0 to 1: exact for short texts, otherwise estimated from
 * the smallest hashes of both (Broder, On the resemblance and containment of documents, 1997). Texts with other
 * numbers or symbols in them say something else, however alike they are: 0.
 * @param least below it the answer may be 0, which spares most of the comparing
 */
export const resemblance = (a: Fingerprint, b: Fingerprint, least = 0): number => {
  if (a.exact !== b.exact) return 0;
  const sampled = a.hashes.length === keptHashes || b.hashes.length === keptHashes;
  // A union of u has at most u (1 - least) that are in one text alone, and u (1 + least) is at most the sum of both.
  const mostUnion = sampled ? keptHashes : (a.hashes.length + b.hashes.length) / (1 + least);
  const mostApart = mostUnion * (1 - least);
  let common = 0;
  let apart = 0;
  let inA = 0;
  let inB = 0;
  while ((!sampled || common + apart < keptHashes) && (inA < a.hashes.length || inB < b.hashes.length)) {
    const first = a.hashes[inA] ?? Number.POSITIVE_INFINITY;
    const second = b.hashes[inB] ?? Number.POSITIVE_INFINITY;
    if (first === second) common++;
    else if (++apart > mostApart) return 0;
    if (first <= second) inA++;
    if (second <= first) inB++;
  }
  return common === 0 ? 0 : common / (common + apart);
};
