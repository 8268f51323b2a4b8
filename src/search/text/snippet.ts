import { limits } from "../../base/limits.ts";
import type { Snippet } from "../../model/searching.ts";
import { analyze } from "./analyze.ts";
import { createMatchFinder, type Match, type MatchFinder } from "./find-matches.ts";
import { type FoundPhrases, findPhrases } from "./found-phrases.ts";
import type { TextQuery } from "./text-query.ts";
import { createUnitReader } from "./text-units.ts";
import type { PathText } from "./texts-of.ts";

/** How long a snippet is, about: it begins and ends with a word. */
const snippetCharacters = 200;

/** A text is looked through in pieces of this size. More than a snippet lies within one behind where it begins. */
const pieceCharacters = 4_096;

/** A longer term is rarer, as a rule, and tells more. */
const worthOf = (term: string): number => Math.min(term.length, 8);

/** A window in which a phrase stands is worth more than any without it: terms have no more letters than it holds. */
const phraseWorth = 1_000;

type Window = { readonly first: number; readonly last: number; readonly worth: number };

/** The matches that stand close enough together to be shown at once and are worth most, a term once; the earliest. */
const createBestWindow = (phrases: FoundPhrases) => {
  const matches: Match[] = [];
  let best: Window | undefined;
  let worth = 0;
  let first = 0;
  const holds = (term: string, from: number, to: number): boolean => {
    for (let at = from; at < to; at++) if (matches[at]?.term === term) return true;
    return false;
  };
  const add = (match: Match): void => {
    const last = matches.push(match) - 1;
    const { term, end } = match;
    if (!holds(term, first, last)) worth += worthOf(term);
    for (; first < last && end - (matches[first]?.start ?? 0) > snippetCharacters; first++) {
      const left = matches[first]?.term ?? "";
      if (!holds(left, first + 1, last + 1)) worth -= worthOf(left);
    }
    phrases.add(matches);
    const whole = worth + phraseWorth * phrases.countFrom(first);
    if (!best || whole > best.worth) best = { first, last, worth: whole };
  };
  return { matches, add, best: () => best };
};

type BestWindow = ReturnType<typeof createBestWindow>;

/** What a window is worth at the most: one in which every term and phrase of the query stands. */
const mostWorth = ({ terms, prefixes, phrases }: TextQuery): number =>
  prefixes.length > 0
    ? Infinity
    : [...new Set(terms)].reduce((sum, term) => sum + worthOf(term), phraseWorth * phrases.length);

const readUnits = createUnitReader();

/** Nothing behind the first window that cannot be bettered is looked for, but for what a snippet shows behind it. */
const lookThrough = (text: string, query: TextQuery, finder: MatchFinder, enough: number): BestWindow => {
  const window = createBestWindow(findPhrases(text, query));
  const read = readUnits(text);
  let isEnough = false;
  let dated = false;
  for (let at = 0; at < text.length && !isEnough; ) {
    isEnough = (window.best()?.worth ?? 0) >= enough;
    const piece = finder.find(read, at, at + pieceCharacters, window.add);
    dated ||= piece.dated;
    at = piece.next;
  }
  if (!dated || !finder.matchesDate(text)) return window;
  const withDates = createBestWindow(findPhrases(text, query));
  for (const token of analyze(text)) if (finder.matches(token.term)) withDates.add(token);
  return withDates;
};

const space = /\s/;
const isSpace = (text: string, at: number): boolean => space.test(text[at] ?? " ");

/** Marks, joined emoji and the tones of their skin belong to the character before them. */
const joinsBefore = /^(?:\p{M}|\u200d|[\u{1f3fb}-\u{1f3ff}])/u;
const joinsBehind = /[\ud800-\udbff\u200d]/;

/** Whether a text can be cut there without harming a character. */
const isBoundary = (text: string, at: number): boolean =>
  !joinsBefore.test(text.slice(at, at + 2)) && !joinsBehind.test(text[at - 1] ?? "");

/** Moves an edge outwards over at most so many characters to the nearest space; to a whole character at the least. */
const edge = (text: string, at: number, step: 1 | -1): number => {
  const before = step === -1 ? -1 : 0;
  for (let away = 0; away <= 24; away++) {
    const to = at + step * away;
    if (to <= 0 || to >= text.length) return Math.min(Math.max(to, 0), text.length);
    if (isSpace(text, to + before)) return to;
  }
  let to = at;
  while (to > 0 && to < text.length && !isBoundary(text, to)) to += step;
  return to;
};

/** Where in a piece of a text matches stand, those that overlap as one. */
const marksIn = (matches: readonly Match[], start: number, end: number): (readonly [number, number])[] => {
  const inside = matches.filter((match) => match.start >= start && match.end <= end);
  const merged: [number, number][] = [];
  for (const match of inside.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const [from, to] = [match.start - start, match.end - start];
    const last = merged.at(-1);
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
};

const cut = ({ path, text }: PathText, matches: readonly Match[], { first, last }: Window): Snippet => {
  const from = matches[first]?.start ?? 0;
  let to = from;
  for (let at = first; at <= last; at++) to = Math.max(to, matches[at]?.end ?? 0);
  const room = Math.max(snippetCharacters - (to - from), 0);
  // More after the matches than before them; what the text does not have on one side is given to the other.
  const before = Math.min(from, Math.max(Math.floor(room / 3), room - (text.length - to)));
  const start = edge(text, from - before, -1);
  const end = edge(text, Math.min(text.length, to + room - before), 1);
  return { path, text: text.slice(start, end).trimEnd(), marks: marksIn(matches, start, end) };
};

/** Makes snippets of one search, of any number of contexts. */
export type Snippets = {
  /**
   * The piece of the texts in which most of the query stands, with the places of what matches marked, in UTF-16 units
   * of the piece; undefined where nothing matches. What lies behind `limits.snippetSearchedCharacters` is not seen.
   */
  readonly of: (texts: readonly PathText[]) => Snippet | undefined;
};

export const createSnippets = (query: TextQuery): Snippets => {
  const finder = createMatchFinder(query);
  const enough = mostWorth(query);
  return {
    of: (texts) => {
      let best: { worth: number; make: () => Snippet } | undefined;
      let left: number = limits.snippetSearchedCharacters;
      for (const { path, text } of texts) {
        if (left <= 0 || (best?.worth ?? 0) >= enough) break;
        const searched = { path, text: text.slice(0, left) };
        left -= text.length;
        const { matches, best: window } = lookThrough(searched.text, query, finder, enough);
        const found = window();
        if (found && found.worth > (best?.worth ?? 0)) {
          best = { worth: found.worth, make: () => cut(searched, matches, found) };
        }
      }
      return best?.make();
    },
  };
};
