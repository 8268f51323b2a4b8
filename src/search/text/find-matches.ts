import { analyzeRun, type Token } from "./analyze.ts";
import { datesIn } from "./date-terms.ts";
import type { Piece } from "./pieces.ts";
import { nextRun, type PlainRun, type Run, readPlain, skipToRun } from "./runs.ts";
import { createSimpleWords } from "./simple-words.ts";
import { termOf } from "./term-of.ts";
import type { TextQuery } from "./text-query.ts";
import type { TextUnits } from "./text-units.ts";
import { createWordTable } from "./word-table.ts";

/** Where a term of a query stands, in UTF-16 units. */
export type Match = Pick<Token, "term" | "start" | "end">;

/** A piece of a text that was looked through. */
export type SearchedPiece = {
  /** Where the next piece begins; the length of the text where there is none. */
  readonly next: number;
  /** Whether a word in it may be part of a date, which has terms of its own; false where the query asks for none. */
  readonly dated: boolean;
};

/** Finds what matches a query, in any number of texts: what each word comes to is found out once. */
export type MatchFinder = {
  readonly matches: (term: string) => boolean;
  /**
   * Gives the matches of the runs that begin from `from` on and before `to`, in the order of `analyze`, whose dates are
   * left out.
   */
  readonly find: (read: TextUnits, from: number, to: number, give: (match: Match) => void) => SearchedPiece;
  /** Whether a date that is spelled in the text matches. */
  readonly matchesDate: (text: string) => boolean;
};

type Known = { readonly pieces: readonly Piece[]; readonly month: boolean };

const nothing: Known = { pieces: [], month: false };

/** A longer run is hardly met again. */
const mostKeptCharacters = 40;
const mostKept = 20_000;

/** Terms of dates begin so (`dateTerms`). */
const isDateTerm = (term: string): boolean => /^(?:\d{4}|-)-\d\d/.test(term);
const mayBeginDateTerm = (prefix: string): boolean => /^[\d-]*$/.test(prefix);

export const createMatchFinder = (query: TextQuery): MatchFinder => {
  const { terms, prefixes } = query;
  const wanted = new Set(terms);
  // Words of ASCII, most of most texts, are looked up without being cut out: their places in `several`; 0 for nothing.
  const plainWords = createWordTable();
  const plain: PlainRun = { end: 0, hash: 0 };
  const several: Known[] = [nothing];
  const others = new Map<string, Known>();

  const matches = (term: string): boolean =>
    wanted.has(term) || prefixes.some((prefix) => term.startsWith(prefix));

  const asksForDates = terms.some(isDateTerm) || prefixes.some(mayBeginDateTerm);
  // A month is no simple word where it may be part of a date.
  const simpleWords = asksForDates ? undefined : createSimpleWords(query);

  const lookInto = (text: string, run: Run): Known => {
    const { pieces, month } = analyzeRun(text, run);
    const matching = pieces.filter(({ term }) => matches(term));
    return matching.length === 0 && !month ? nothing : { pieces: matching, month };
  };

  const lookIntoSimple = (word: string): Known => {
    const term = termOf(word);
    return matches(term)
      ? { pieces: [{ term, start: 0, end: word.length, offset: 0 }], month: false }
      : nothing;
  };

  const ofPlain = ({ text, codes }: TextUnits, start: number, { end, hash }: PlainRun): Known => {
    const look = simpleWords?.look(codes, start, end);
    if (look === "no match") return nothing;
    const place = plainWords.find(codes, start, end, hash);
    if (place !== undefined) return several[place] ?? nothing;
    const known =
      look === "may match"
        ? lookIntoSimple(text.slice(start, end))
        : lookInto(text, { start, end, spaced: true });
    if (end - start <= mostKeptCharacters && plainWords.size() < mostKept)
      plainWords.add(codes, start, end, hash, known === nothing ? 0 : several.push(known) - 1);
    return known;
  };

  const ofOther = (text: string, run: Run): Known => {
    if (!run.spaced || run.end - run.start > mostKeptCharacters) return lookInto(text, run);
    const word = text.slice(run.start, run.end);
    const known = others.get(word) ?? lookInto(text, run);
    if (others.size < mostKept) others.set(word, known);
    return known;
  };

  const find: MatchFinder["find"] = (read, from, to, give) => {
    const { text, codes } = read;
    let dated = false;
    const take = (known: Known, runStart: number): void => {
      for (const { term, start, end } of known.pieces)
        give({ term, start: runStart + start, end: runStart + end });
      dated ||= known.month;
    };
    let at = skipToRun(read, from);
    while (at < to && at < text.length) {
      // Nothing is made for a word that does not match: there are many of them.
      if (readPlain(codes, at, plain)) {
        const { end } = plain;
        const known = ofPlain(read, at, plain);
        if (known !== nothing) take(known, at);
        at = skipToRun(read, end);
        continue;
      }
      const run = nextRun(read, at);
      if (!run) return { next: text.length, dated };
      take(ofOther(text, run), run.start);
      at = skipToRun(read, run.end);
    }
    return { next: at, dated };
  };

  return {
    matches,
    find,
    matchesDate: (text) => asksForDates && datesIn(text).some(({ terms }) => terms.some(matches)),
  };
};
