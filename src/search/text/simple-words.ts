import { irregularForms } from "./irregular-forms.ts";
import { termOf } from "./term-of.ts";
import type { TextQuery } from "./text-query.ts";

/**
 * Words of small letters, but perhaps for the first: most words of most texts. Such a word has one term, its stem, and
 * how it begins tells of most that they match nothing of a query.
 */
export type SimpleWords = {
  /** Whether what stands from `start` to `end` is such a word, and whether it may match. */
  readonly look: (codes: Uint16Array, start: number, end: number) => "other" | "no match" | "may match";
};

const letters = 26;
const [a, z] = [97, 122];
const smallBit = 32;
/** Porter 2 takes letters off the end of a word, and puts at the most two others there (ability: able). */
const endLetters = 2;

const isLetter = (code: number): boolean => code >= a && code <= z;

/** A number for two letters; negative where they are others than those from a to z, or there are not two. */
const pairOf = (first: number, second: number): number =>
  isLetter(first) && isLetter(second) ? (first - a) * letters + second - a : -1;

/** Irregular forms by what they come to; made when it is asked for. */
let irregular: ReadonlyMap<string, readonly string[]> | undefined;

const irregularOnes = (): ReadonlyMap<string, readonly string[]> => {
  if (irregular) return irregular;
  const made = new Map<string, string[]>();
  for (const form of irregularForms.keys()) {
    const term = termOf(form);
    made.set(term, [...(made.get(term) ?? []), form]);
  }
  irregular = made;
  return made;
};

/** How the words of a stem begin, with one letter or more. Of short ones the end may be a y that became i. */
const beginningsOf = (stem: string): readonly string[] => {
  if (stem.length > 2 + endLetters) return [stem.slice(0, -endLetters)];
  return stem[1] === "i" ? [stem.slice(0, 2), `${stem[0]}y`] : [stem.slice(0, 2)];
};

export const createSimpleWords = ({ terms, prefixes }: TextQuery): SimpleWords => {
  /** What words that may match go on with behind their first two letters, and by those two where in it to look. */
  const rests: string[][] = [[]];
  const placeOf = new Uint16Array(letters * letters);
  const addPair = (pair: number, rest: string): void => {
    if (pair < 0) return;
    placeOf[pair] ||= rests.push([]) - 1;
    rests[placeOf[pair] ?? 0]?.push(rest);
  };
  const add = (beginning: string): void => {
    const first = beginning.charCodeAt(0);
    if (beginning.length > 1) addPair(pairOf(first, beginning.charCodeAt(1)), beginning.slice(2));
    else for (let second = a; second <= z; second++) addPair(pairOf(first, second), "");
  };
  for (const wanted of [...terms, ...prefixes]) beginningsOf(wanted).forEach(add);
  const irregular = irregularOnes();
  for (const term of terms) irregular.get(term)?.forEach(add);
  for (const prefix of prefixes)
    for (const [term, forms] of irregular) if (term.startsWith(prefix)) forms.forEach(add);

  const goesOn = (codes: Uint16Array, start: number, end: number, rest: string): boolean => {
    if (end - start < rest.length) return false;
    for (let at = 0; at < rest.length; at++) if (codes[start + at] !== rest.charCodeAt(at)) return false;
    return true;
  };

  const mayGoOn = (codes: Uint16Array, start: number, end: number, rests: readonly string[]): boolean => {
    for (const rest of rests) if (goesOn(codes, start, end, rest)) return true;
    return false;
  };

  return {
    look: (codes, start, end) => {
      const pair = pairOf((codes[start] ?? 0) | smallBit, codes[start + 1] ?? 0);
      if (pair < 0) return "other";
      for (let at = start + 2; at < end; at++) if (!isLetter(codes[at] ?? 0)) return "other";
      const place = placeOf[pair] ?? 0;
      return place > 0 && mayGoOn(codes, start + 2, end, rests[place] ?? []) ? "may match" : "no match";
    },
  };
};
