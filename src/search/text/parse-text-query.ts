import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { analyze } from "./analyze.ts";
import { commonTerms } from "./common-words.ts";
import { namesIn, narrowestTerms } from "./marks.ts";
import { joinName } from "./pieces.ts";
import { fold, termOf } from "./term-of.ts";
import type { TextQuery } from "./text-query.ts";

const quoted = /"([^"]*)"/g;

/** A star that may end a word: 2*3 is none. */
const star = /\*(?![^\s.,;:!?)"])/g;

/** The word before a star. */
const wordBefore = /[\p{L}\p{N}][^\s"*]*$/u;

/** What may come after the star of a word that the index has by a shorter stem: universit(y), runnin(g), happin(ess). */
const endings = " e y g ng d ed n en on s es ss ess t nt ty ity l".split(" ");

const isWorthFinding = (term: string): boolean => !commonTerms.has(term);

const stemsOf = (prefix: string): readonly string[] =>
  /^[a-z]{3,}$/.test(prefix)
    ? endings.map((ending) => termOf(prefix + ending)).filter((term) => !term.startsWith(prefix))
    : [];

/** Each phrase once, as many as have `limits.queryTerms` words together. */
const phrasesOf = (text: string): readonly (readonly string[])[] => {
  const phrases = new Map<string, readonly string[]>();
  let words = 0;
  for (const { 1: inner = "" } of text.matchAll(quoted)) {
    const phrase = narrowestTerms(analyze(inner));
    const name = phrase.join(" ");
    if (phrase.length === 0 || words + phrase.length > limits.queryTerms || phrases.has(name)) continue;
    phrases.set(name, phrase);
    words += phrase.length;
  }
  return [...phrases.values()];
};

/**
 * What a user searches for. Words are looked for each, `"a phrase"` must stand there, `begin*` is any word that
 * begins so; all else is text: there is no syntax to get wrong. Common words (what, does, the) count within phrases,
 * and where there are no others. Of more than `limits.queryTerms` terms those of phrases count, then those of stars,
 * then the first.
 * @throws ContextbaseError too_large
 */
export const parseTextQuery = (text: string): TextQuery => {
  if (text.length > limits.queryBytes || Buffer.byteLength(text) > limits.queryBytes) {
    throw new ContextbaseError(
      "too_large",
      `The text that is searched for has more than ${limits.queryBytes} bytes. Search for the words that matter.`,
      { details: { most: limits.queryBytes } },
    );
  }
  const phrases = phrasesOf(text);
  const terms = new Set(phrases.flat());
  const prefixes = new Set<string>();
  const addTo = (set: Set<string>, term: string): void => {
    if (terms.size + prefixes.size < limits.queryTerms) set.add(term);
  };

  const open = text.replace(quoted, " ");
  for (const { index } of open.matchAll(star)) {
    if (terms.size + prefixes.size >= limits.queryTerms) break;
    const word = wordBefore.exec(open.slice(Math.max(0, index - limits.termBytes), index))?.[0];
    if (word === undefined) continue;
    const prefix = fold(joinName(word));
    addTo(prefixes, prefix);
    for (const term of stemsOf(prefix)) addTo(terms, term);
  }
  const tokens = analyze(text);
  const telling = tokens.filter(({ term }) => isWorthFinding(term));
  for (const { term } of telling.length > 0 ? telling : tokens) addTo(terms, term);
  const named = narrowestTerms(tokens).slice(0, limits.queryTerms);
  return { terms: [...terms], prefixes: [...prefixes], phrases, names: namesIn(named, isWorthFinding) };
};
