import type { Token } from "./analyze.ts";

/**
 * Terms that say something of a text as a whole. No word is like them: they begin with what joins no word. Threads
 * are scored with them.
 */

/** A text that ends with a question has this term. */
export const askingTerm = "?";

/** A text with no more words than this may be a name: of a speaker, a place, a thing. */
const nameWords = 3;

const question = /[?？؟][^\p{L}\p{N}]*$/u;
const lookedThroughCharacters = 32;

/** The narrowest term of each position: the parts of a name, which stand in a row, rather than it whole. */
export const narrowestTerms = (tokens: readonly Token[]): string[] => {
  const narrowest = new Map<number, Token>();
  for (const token of tokens) {
    const other = narrowest.get(token.position);
    if (!other || token.end - token.start < other.end - other.start) narrowest.set(token.position, token);
  }
  return [...narrowest.values()].map(({ term }) => term);
};

const nameTerm = (terms: readonly string[]): string => `=${terms.join(" ")}`;

/** The terms of a text as a whole: whether it asks, and, where it is short, all of it as one. */
export const marksOf = (text: string, tokens: readonly Token[]): readonly string[] => {
  const marks: string[] = [];
  if (question.test(text.slice(-lookedThroughCharacters))) marks.push(askingTerm);
  const last = tokens.at(-1);
  if (last && last.position < nameWords) marks.push(nameTerm(narrowestTerms(tokens)));
  return marks;
};

/** What short texts that a query names would have as their term: every one to three words of it in a row. */
export const namesIn = (terms: readonly string[], isName: (term: string) => boolean): readonly string[] => {
  const names = new Set<string>();
  for (let from = 0; from < terms.length; from++) {
    for (let to = from + 1; to <= Math.min(terms.length, from + nameWords); to++) {
      const words = terms.slice(from, to);
      if (words.some(isName)) names.add(nameTerm(words));
    }
  }
  return [...names];
};
