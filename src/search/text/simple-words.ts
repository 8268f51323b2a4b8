import { irregularForms } from "./irregular-forms.ts";
import { termOf } from "./term-of.ts";
import type { TextQuery } from "./text-query.ts";

/**
 * Words of small letters, but perhaps for the first: most words of most texts. Such a word has one term, its stem, and
 * its first two letters tell of most that they match nothing of a query.
 */
export type SimpleWords = {
  /** Whether what stands from `start` to `end` is such a word, and whether it may match. */
  readonly look: (codes: Uint16Array, start: number, end: number) => "other" | "no match" | "may match";
};

const letters = 26;
const [a, z] = [97, 122];
const smallBit = 32;

const isLetter = (code: number): boolean => code >= a && code <= z;

/** A number for two letters; negative where they are others than those from a to z, or there are not two. */
const pairOf = (first: number, second: number): number =>
  isLetter(first) && isLetter(second) ? (first - a) * letters + second - a : -1;

/** What irregular forms come to, with how they begin; made when it is asked for. */
let irregular: ReadonlyMap<string, readonly number[]> | undefined;

const irregularOnes = (): ReadonlyMap<string, readonly number[]> => {
  if (irregular) return irregular;
  const made = new Map<string, number[]>();
  for (const form of irregularForms.keys()) {
    const term = termOf(form);
    made.set(term, [...(made.get(term) ?? []), pairOf(form.charCodeAt(0), form.charCodeAt(1))]);
  }
  irregular = made;
  return made;
};

export const createSimpleWords = ({ terms, prefixes }: TextQuery): SimpleWords => {
  const mayMatch = new Uint8Array(letters * letters);
  /** Porter 2 leaves the first letter as it is, and the second but for y, which may become i, unless it takes it off. */
  const add = (wanted: string): void => {
    const [first, second] = [wanted.charCodeAt(0), wanted.charCodeAt(1)];
    if (wanted.length === 1) {
      for (let other = a; other <= z; other++) allow(pairOf(first, other));
      return;
    }
    allow(pairOf(first, second));
    if (wanted[1] === "i") allow(pairOf(first, "y".charCodeAt(0)));
  };
  const allow = (pair: number): void => {
    if (pair >= 0) mayMatch[pair] = 1;
  };
  for (const wanted of [...terms, ...prefixes]) add(wanted);
  const irregular = irregularOnes();
  for (const term of terms) irregular.get(term)?.forEach(allow);
  for (const prefix of prefixes)
    for (const [term, pairs] of irregular) if (term.startsWith(prefix)) pairs.forEach(allow);

  return {
    look: (codes, start, end) => {
      const pair = pairOf((codes[start] ?? 0) | smallBit, codes[start + 1] ?? 0);
      if (pair < 0) return "other";
      for (let at = start + 2; at < end; at++) if (!isLetter(codes[at] ?? 0)) return "other";
      return mayMatch[pair] === 1 ? "may match" : "no match";
    },
  };
};
