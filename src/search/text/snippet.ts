import { limits } from "../../base/limits.ts";
import type { Snippet } from "../../model/searching.ts";
import { analyze } from "./analyze.ts";
import { createMatchFinder, type Match, type MatchFinder } from "./find-matches.ts";
import type { TextQuery } from "./text-query.ts";
import { createUnitReader } from "./text-units.ts";
import type { PathText } from "./texts-of.ts";

/** How long a snippet is, about: it begins and ends with a word. */
const snippetCharacters = 200;

/** A text is looked through in pieces of this size. More than a snippet lies within one behind where it begins. */
const pieceCharacters = 4_096;

/** A longer term is rarer, as a rule, and tells more. */
const worthOf = (term: string): number => Math.min(term.length, 8);

type Window = { readonly first: number; readonly last: number; readonly worth: number };

/** The matches that stand close enough together to be shown at once and are worth most, a term once; the earliest. */
const createBestWindow = () => {
  const matches: Match[] = [];
  const held = new Map<string, number>();
  let best: Window | undefined;
  let worth = 0;
  let first = 0;
  const add = (match: Match): void => {
    const last = matches.push(match) - 1;
    const { term, end } = match;
    const times = held.get(term) ?? 0;
    if (times === 0) worth += worthOf(term);
    held.set(term, times + 1);
    for (; first < last && end - (matches[first]?.start ?? 0) > snippetCharacters; first++) {
      const left = matches[first]?.term ?? "";
      const others = (held.get(left) ?? 1) - 1;
      held.set(left, others);
      if (others === 0) worth -= worthOf(left);
    }
    if (!best || worth > best.worth) best = { first, last, worth };
  };
  return { matches, add, best: () => best };
};

type BestWindow = ReturnType<typeof createBestWindow>;

/** What a window is worth at the most: one in which every term of the query stands. */
const mostWorth = ({ terms, prefixes }: TextQuery): number =>
  prefixes.length > 0 ? Infinity : [...new Set(terms)].reduce((sum, term) => sum + worthOf(term), 0);

const readUnits = createUnitReader();

/** Nothing behind the first window that cannot be bettered is looked for, but for what a snippet shows behind it. */
const lookThrough = (text: string, finder: MatchFinder, enough: number): BestWindow => {
  const window = createBestWindow();
  const read = readUnits(text);
  let isEnough = false;
  let dated = false;
  for (let at = 0; at < text.length && !isEnough; ) {
    isEnough = (window.best()?.worth ?? 0) >= enough;
    const piece = finder.find(read, at, at + pieceCharacters);
    for (const match of piece.matches) window.add(match);
    dated ||= piece.dated;
    at = piece.next;
  }
  if (!dated || !finder.matchesDate(text)) return window;
  const withDates = createBestWindow();
  for (const token of analyze(text)) if (finder.matches(token.term)) withDates.add(token);
  return withDates;
};

const isSpace = (text: string, at: number): boolean => /\s/.test(text[at] ?? " ");

/** Whether a text can be cut there without harming a character, marks and joined emoji included. */
const isBoundary = (text: string, at: number): boolean =>
  !/^(?:\p{M}|\u200d|[\u{1f3fb}-\u{1f3ff}])/u.test(text.slice(at, at + 2)) &&
  !/[\ud800-\udbff]/.test(text[at - 1] ?? "") &&
  text[at - 1] !== "\u200d";

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

const mergeMarks = (marks: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
  const merged: [number, number][] = [];
  for (const [start, end] of [...marks].sort(([a, z], [b, y]) => a - b || z - y)) {
    const last = merged.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
};

const cut = ({ path, text }: PathText, matches: readonly Match[], { first, last }: Window): Snippet => {
  const shown = matches.slice(first, last + 1);
  const from = shown[0]?.start ?? 0;
  const to = shown.reduce((end, token) => Math.max(end, token.end), from);
  const room = Math.max(snippetCharacters - (to - from), 0);
  // More after the matches than before them; what the text does not have on one side is given to the other.
  const before = Math.min(from, Math.max(Math.floor(room / 3), room - (text.length - to)));
  const start = edge(text, from - before, -1);
  const end = edge(text, Math.min(text.length, to + room - before), 1);
  const inside = matches.filter((token) => token.start >= start && token.end <= end);
  return {
    path,
    text: text.slice(start, end).trimEnd(),
    marks: mergeMarks(inside.map((token) => [token.start - start, token.end - start])),
  };
};

/** A query is looked for in many contexts, one after another. */
const finders = new WeakMap<TextQuery, MatchFinder>();

const finderOf = (query: TextQuery): MatchFinder => {
  const finder = finders.get(query) ?? createMatchFinder(query);
  finders.set(query, finder);
  return finder;
};

/**
 * The piece of the texts in which most of the query stands, with the places of what matches marked, in UTF-16 units
 * of the piece; undefined where nothing matches. What lies behind `limits.snippetSearchedCharacters` is not seen.
 */
export const snippetOf = (texts: readonly PathText[], query: TextQuery): Snippet | undefined => {
  const finder = finderOf(query);
  const enough = mostWorth(query);
  let best: { worth: number; make: () => Snippet } | undefined;
  let left: number = limits.snippetSearchedCharacters;
  for (const { path, text } of texts) {
    if (left <= 0 || (best?.worth ?? 0) >= enough) break;
    const searched = { path, text: text.slice(0, left) };
    left -= text.length;
    const { matches, best: window } = lookThrough(searched.text, finder, enough);
    const found = window();
    if (found && found.worth > (best?.worth ?? 0)) {
      best = { worth: found.worth, make: () => cut(searched, matches, found) };
    }
  }
  return best?.make();
};
