import { dateTerms } from "./date-terms.ts";
import { termOf } from "./term-of.ts";

/** A term within a run of a text: where it stands in the run, and how many words of the run come before it. */
export type Piece = {
  readonly term: string;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
};

/** The terms of one run, in the order of their offsets, and how many words it has. */
export type Pieces = { readonly pieces: readonly Piece[]; readonly words: number };

/** More parts than this by a change of case are noise: base64. */
const mostParts = 8;

/** A run longer than this is no name. It is found by its parts alone. */
const mostWholeCharacters = 256;

/**
 * What a run is split into, the widest first: parts of an address; words of a name; its humps; and, where it has any,
 * letters and numbers. A word alone that has both, as MP3, is one.
 */
const splits: readonly RegExp[] = [
  /[^/:@\\=&~]+/g,
  /[^._\-+#,\u00ad]+/g,
  /\p{Lu}+(?!\p{Ll})[\p{M}\p{N}'’]*|\p{Lu}?[^\p{Lu}]+|\p{Lu}/gu,
  /[^\p{N}]+|\p{N}+/gu,
];

const humps = 2;

/** A year and a month, perhaps a day, in the order of ISO 8601. */
const isoDate = /^(\d{4})([-/])(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01])(?!\d)|(?![-/]?\d))/;

/** What may follow such a date: a time, of which hours and minutes count. */
const isoTime = /^(?:[Tt](\d\d:\d\d)[\d:.+-]*[Zz]?)?$/;

/** Endings that an apostrophe sets off and that say nothing of what a text is about: Ada's, I'm, they've. */
const contraction = /['’](?:s|m|d|re|ve|ll)$/i;

/** An article or the like that an apostrophe ties to its word: l'avion. */
const elision = /^\p{L}{1,2}['’](?=\p{Ll}{2})/u;

const ordinal = /^\d+(?=(?:st|nd|rd|th)$)/i;

/** A name without what joins its words: e-mail, get_user, a thousand's comma differ in that alone. */
export const joinName = (name: string): string =>
  /^[\p{L}\p{N}]+$/u.test(name)
    ? name
    : name
        .replace(/(?<=\p{L})[-_\u00ad]+(?=\p{L})/gu, "")
        .replace(/(?<=\d),(?=\d)/g, "")
        .replace(/['’]/g, "");

/** The terms of a run of letters, digits and what joins them: it whole, and its parts. */
export const piecesOf = (text: string): Pieces => {
  const run = text.replace(contraction, "");
  const pieces: Piece[] = [];
  const seen = new Set<string>();
  let words = 0;

  const add = (term: string, start: number, end: number): void => {
    const place = `${words} ${term}`;
    if (term === "" || seen.has(place)) return;
    seen.add(place);
    pieces.push({ term, start, end, offset: words });
  };

  const addWord = (word: string, start: number): void => {
    add(termOf(joinName(word)), start, start + word.length);
    const tied = elision.exec(word)?.[0].length ?? 0;
    if (tied > 0) add(termOf(joinName(word.slice(tied))), start + tied, start + word.length);
    const number = ordinal.exec(word)?.[0];
    if (number !== undefined) add(number, start, start + word.length);
    if (/^v\d/i.test(word)) add(termOf(joinName(word.slice(1))), start + 1, start + word.length);
  };

  const addDate = ([text, year, , month, day]: RegExpExecArray): void => {
    for (const term of dateTerms(year, month ?? "", day)) add(term, 0, text.length);
  };

  const visit = (part: string, start: number, level: number): void => {
    const split = splits[level];
    const parts = split ? [...part.matchAll(split)] : [];
    const isWord =
      split === undefined || (level === humps && (parts.length === 1 || parts.length > mostParts));
    if (isWord || part.length <= mostWholeCharacters) addWord(part, start);
    if (isWord) words++;
    else for (const { 0: inner, index } of parts) visit(inner, start + index, level + 1);
  };

  const date = isoDate.exec(run);
  if (date) addDate(date);
  const time = date?.[4] === undefined ? undefined : isoTime.exec(run.slice(date[0].length));
  if (date?.[1] !== undefined && time) {
    add(date[1], 0, date[0].length);
    add(time[1] ?? "", date[0].length + 1, date[0].length + time[0].length);
    words++;
  } else {
    visit(run, 0, 0);
  }
  return { pieces, words };
};
