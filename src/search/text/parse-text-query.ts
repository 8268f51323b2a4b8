import { stem } from "porter2";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { analyze, type Token } from "./analyze.ts";
import { joinName } from "./pieces.ts";
import { fold } from "./term-of.ts";
import type { TextQuery } from "./text-query.ts";

const quoted = /"([^"]*)"/g;

/** A word and a star that ends it: 2*3 is none. */
const starred = /([\p{L}\p{N}][^\s"*]*)\*(?![^\s.,;:!?)"])/gu;

/** Endings that a stem may have lost before the word came to the star: what begins with universit has stem univers. */
const endings = ["", "e", "y", "ed", "ing", "ion"];

/** A phrase goes by the narrowest term of each position: the parts of a name, which stand in a row, not it whole. */
const phraseOf = (tokens: readonly Token[]): string[] => {
  const narrowest = new Map<number, Token>();
  for (const token of tokens) {
    const other = narrowest.get(token.position);
    if (!other || token.end - token.start < other.end - other.start) narrowest.set(token.position, token);
  }
  return [...narrowest.values()].map(({ term }) => term);
};

const stemsBelow = (prefix: string): string[] =>
  /^[a-z]{3,}$/.test(prefix) ? endings.map((ending) => stem(prefix + ending)) : [];

/**
 * What a user searches for. Words are looked for each, `"a phrase"` must stand there, `begin*` is any word that
 * begins so; all else is text: there is no syntax to get wrong. Of more than `limits.queryTerms` terms those of
 * phrases count, then what begins with a star's word, then the first.
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
  const terms = new Set<string>();
  const prefixes = new Set<string>();
  const room = (): number => limits.queryTerms - terms.size - prefixes.size;

  const phrases = new Map<string, readonly string[]>();
  let words = 0;
  for (const { 1: inner = "" } of text.matchAll(quoted)) {
    const phrase = phraseOf(analyze(inner));
    const name = phrase.join(" ");
    if (phrase.length === 0 || words + phrase.length > limits.queryTerms || phrases.has(name)) continue;
    phrases.set(name, phrase);
    words += phrase.length;
    for (const term of phrase) terms.add(term);
  }
  const open = text.replace(quoted, " ");
  for (const { 1: word = "" } of open.matchAll(starred)) {
    const prefix = fold(joinName(word));
    if (room() > 0) prefixes.add(prefix);
    for (const term of stemsBelow(prefix)) if (room() > 0) terms.add(term);
  }
  for (const { term } of analyze(text)) {
    if (room() <= 0) break;
    terms.add(term);
  }
  return { terms: [...terms], prefixes: [...prefixes], phrases: [...phrases.values()] };
};
