import type { Snippet } from "../../model/searching.ts";
import { analyze, type Token } from "./analyze.ts";
import type { TextQuery } from "./text-query.ts";
import type { PathText } from "./texts-of.ts";

/** How long a snippet is, about: it begins and ends with a word. */
const snippetCharacters = 200;

/** How much of a context is looked through for one. */
const searchedCharacters = 256 * 1024;

/** A longer term is rarer, as a rule, and tells more. */
const worthOf = (term: string): number => Math.min(term.length, 8);

const matcher = ({ terms, prefixes }: TextQuery): ((token: Token) => boolean) => {
  const wanted = new Set(terms);
  return ({ term }) => wanted.has(term) || prefixes.some((prefix) => term.startsWith(prefix));
};

type Window = { readonly first: number; readonly last: number; readonly worth: number };

/** The matches that stand close enough together to be shown at once and are worth most, a term once; the earliest. */
const bestWindow = (matches: readonly Token[]): Window | undefined => {
  const held = new Map<string, number>();
  let best: Window | undefined;
  let worth = 0;
  let first = 0;
  for (const [last, { term, end }] of matches.entries()) {
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
  }
  return best;
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

const cut = ({ path, text }: PathText, matches: readonly Token[], { first, last }: Window): Snippet => {
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

/**
 * The piece of the texts in which most of the query stands, with the places of what matches marked, in UTF-16 units
 * of the piece; undefined where nothing matches.
 */
export const snippetOf = (texts: readonly PathText[], query: TextQuery): Snippet | undefined => {
  const matchesTerm = matcher(query);
  let best: { worth: number; make: () => Snippet } | undefined;
  let left = searchedCharacters;
  for (const { path, text } of texts) {
    if (left <= 0) break;
    const searched = { path, text: text.slice(0, left) };
    left -= text.length;
    const matches = analyze(searched.text).filter(matchesTerm);
    const window = bestWindow(matches);
    if (window && window.worth > (best?.worth ?? 0)) {
      best = { worth: window.worth, make: () => cut(searched, matches, window) };
    }
  }
  return best?.make();
};
