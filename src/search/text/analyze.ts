import { datesIn, isMonth } from "./date-terms.ts";
import { type Pieces, piecesOf } from "./pieces.ts";
import { nextRun, type Run } from "./runs.ts";
import { createUnitReader } from "./text-units.ts";
import { unspacedPieces } from "./unspaced.ts";

/** A term of a text: where it stands, in UTF-16 units, and the position of its word; terms may share a position. */
export type Token = {
  readonly term: string;
  readonly start: number;
  readonly end: number;
  readonly position: number;
};

/** Which analysis this is. What was derived by another one must be derived anew. */
export const analysisVersion = 3;

export type Known = Pieces & { readonly month: boolean };

/** What common runs were analyzed to. Emptied when it is full: what is common is soon back. */
const known = new Map<string, Known>();
const mostKnown = 50_000;
const mostKnownCharacters = 40;

const analyzeWords = (text: string): Known => {
  const found = known.get(text);
  if (found) return found;
  const made = { ...piecesOf(text), month: isMonth(text) };
  if (text.length > mostKnownCharacters) return made;
  if (known.size >= mostKnown) known.clear();
  known.set(text, made);
  return made;
};

/** The terms of one run, and whether it may be part of a date, which has terms of its own. */
export const analyzeRun = (text: string, { start, end, spaced }: Run): Known => {
  const run = text.slice(start, end);
  return spaced ? analyzeWords(run) : { ...unspacedPieces(run), month: false };
};

const readUnits = createUnitReader();

/** A date has its terms at the first word of it. */
const withDates = (text: string, tokens: readonly Token[]): Token[] => {
  const dates = datesIn(text);
  const all: Token[] = [];
  let at = 0;
  for (const token of tokens) {
    for (let date = dates[at]; date && date.start <= token.start; date = dates[++at]) {
      const { terms, start, end } = date;
      for (const term of terms) all.push({ term, start, end, position: token.position });
    }
    all.push(token);
  }
  return all;
};

/**
 * The terms of a text, in the order of their positions: every word folded and stemmed, names whole and by their
 * parts, dates in one spelling.
 */
export const analyze = (text: string): Token[] => {
  const tokens: Token[] = [];
  let position = 0;
  let dated = false;
  const read = readUnits(text);
  for (let run = nextRun(read, 0); run !== undefined; run = nextRun(read, run.end)) {
    const { pieces, words, month } = analyzeRun(text, run);
    for (const { term, start, end, offset } of pieces) {
      tokens.push({ term, start: run.start + start, end: run.start + end, position: position + offset });
    }
    position += words;
    dated ||= month;
  }
  return dated ? withDates(text, tokens) : tokens;
};
