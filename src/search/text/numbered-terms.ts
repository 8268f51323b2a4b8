import { analyze, analyzeRun } from "./analyze.ts";
import { askingTerm, marksOf } from "./marks.ts";
import { nextRun, type PlainRun, type Run, readPlain, skipToRun } from "./runs.ts";
import { createUnitReader, type TextUnits } from "./text-units.ts";
import { createWordTable } from "./word-table.ts";

/** The terms of one document as numbers, each with its position; those of one number at rising positions. */
export type NumberedDocument = {
  readonly numbers: readonly number[];
  readonly positions: readonly number[];
  /** How many of both count. */
  readonly count: number;
  /** How many words there are. */
  readonly length: number;
};

/**
 * Terms as numbers, which each new one is given: 0, 1, 2… So a document's terms are found by one look at each of its
 * words, whatever the words come to.
 */
export type NumberedTerms = {
  /** By number. */
  readonly terms: readonly string[];
  /** Undefined: no text had it. */
  readonly numberOf: (term: string) => number | undefined;
  /** The same as `documentTerms`, as numbers. What it gives holds until the next is read. */
  readonly read: (texts: readonly { readonly text: string }[]) => NumberedDocument;
};

/** What a run comes to: of each term the number and how many words come before it, in turn. */
type Several = { readonly numbered: readonly number[]; readonly words: number; readonly month: boolean };

/** A longer run is hardly met again. */
const mostKeptCharacters = 40;
const mostKept = 200_000;
/** Texts of more runs than this are no names. */
const longerThanNames = 4;

export const createNumberedTerms = (): NumberedTerms => {
  const terms: string[] = [];
  const numberByTerm = new Map<string, number>();
  // The number of a word that is one term; below 0, of what comes to something else, its place in `several`, less 1.
  const plainWords = createWordTable();
  const plain: PlainRun = { end: 0, hash: 0 };
  const readUnits = createUnitReader();
  const words = new Map<string, number>();
  let several: Several[] = [];

  const numbers: number[] = [];
  const positions: number[] = [];
  let count = 0;

  const take = (number: number, position: number): void => {
    numbers[count] = number;
    positions[count++] = position;
  };

  const toNumber = (term: string): number => {
    const known = numberByTerm.get(term);
    if (known !== undefined) return known;
    numberByTerm.set(term, terms.length);
    return terms.push(term) - 1;
  };

  const analyzeNew = (text: string, run: Run): number => {
    if (plainWords.size() + words.size >= mostKept || several.length >= mostKept) {
      plainWords.clear();
      words.clear();
      several = [];
    }
    const { pieces, words: length, month } = analyzeRun(text, run);
    const numbered = pieces.flatMap(({ term, offset }) => [toNumber(term), offset]);
    const [only = 0] = numbered;
    const isOne = numbered.length === 2 && numbered[1] === 0 && length === 1 && !month;
    return isOne ? only : -several.push({ numbered, words: length, month });
  };

  const analyzePlain = ({ text, codes }: TextUnits, start: number, { end, hash }: PlainRun): number => {
    const known = analyzeNew(text, { start, end, spaced: true });
    if (end - start <= mostKeptCharacters) plainWords.add(codes, start, end, hash, known);
    return known;
  };

  const numberOfRun = (text: string, run: Run): number => {
    const word = text.slice(run.start, run.end);
    const known = words.get(word) ?? analyzeNew(text, run);
    if (word.length <= mostKeptCharacters && run.spaced) words.set(word, known);
    return known;
  };

  /** By the analysis of the whole text, which knows dates and names. */
  const readSlowly = (text: string, from: number): number => {
    const tokens = analyze(text);
    if (tokens.length === 0) return 0;
    for (const { term, position } of tokens) take(toNumber(term), from + position);
    for (const mark of marksOf(text, tokens)) take(toNumber(mark), from);
    return (tokens.at(-1)?.position ?? -1) + 1;
  };

  const readText = (text: string, from: number): number => {
    const begun = count;
    let runs = 0;
    let position = from;
    let last = from - 1;
    const read = readUnits(text);
    const { codes } = read;
    for (let at = skipToRun(read, 0); at < text.length; at = skipToRun(read, at)) {
      let known: number;
      if (readPlain(codes, at, plain)) {
        known = plainWords.find(codes, at, plain.end, plain.hash) ?? analyzePlain(read, at, plain);
        at = plain.end;
      } else {
        const run = nextRun(read, at);
        if (!run) break;
        known = numberOfRun(text, run);
        at = run.end;
      }
      runs++;
      if (known >= 0) {
        last = position;
        take(known, position++);
        continue;
      }
      const { numbered, words: length, month } = several[-known - 1] ?? nothing;
      if (month) {
        count = begun;
        return readSlowly(text, from);
      }
      for (let at = 0; at < numbered.length; at += 2) {
        last = position + (numbered[at + 1] ?? 0);
        take(numbered[at] ?? 0, last);
      }
      position += length;
    }
    if (runs < longerThanNames) {
      count = begun;
      return readSlowly(text, from);
    }
    if (last >= from && marksOf(text, []).includes(askingTerm)) take(toNumber(askingTerm), from);
    return last + 1 - from;
  };

  const read: NumberedTerms["read"] = (texts) => {
    count = 0;
    let next = 0;
    let length = 0;
    for (const { text } of texts) {
      const found = readText(text, next);
      length += found;
      if (found > 0) next += found + 1;
    }
    return { numbers, positions, count, length };
  };

  return { terms, numberOf: (term) => numberByTerm.get(term), read };
};

const nothing: Several = { numbered: [], words: 0, month: false };
