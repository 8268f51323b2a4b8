const months = "january february march april may june july august september october november december".split(
  " ",
);

const monthNames: ReadonlySet<string> = new Set([
  ...months,
  ...months.map((name) => name.slice(0, 3)),
  "sept",
]);

const name = `(?:${months.map((month) => (month === "may" ? month : `${month}|${month.slice(0, 3)}`)).join("|")}|sept)\\.?`;
const day = "(?:0?[1-9]|[12]\\d|3[01])";
const year = "[12]\\d{3}(?![\\p{L}\\d])";

/** 7 May 2023, the 7th of May, 8 May, 2023; May 7, 2023; May 7th; May 2023. */
const spelled = new RegExp(
  `(?<![\\p{L}\\d])(?:(?<day>${day})(?:st|nd|rd|th)?(?:\\s+of)?[\\s-]+(?<name>${name})(?![\\p{L}\\d])(?:,?[\\s-]+(?<year>${year}))?` +
    `|(?<name>${name})\\s+(?<day>${day})(?:st|nd|rd|th)?(?![\\p{L}\\d]|:\\d)(?:,?\\s+(?<year>${year}))?` +
    `|(?<name>${name}),?\\s+(?:of\\s+)?(?<year>${year}))`,
  "giu",
);

const monthNumber = (named: string): string =>
  String(months.findIndex((month) => month.startsWith(named.slice(0, 3).toLowerCase())) + 1).padStart(2, "0");

/**
 * The terms that a date has beside its words, so that each spelling of it is found by every other: its day, its
 * month, and its day in any year, in the order of ISO 8601.
 */
export const dateTerms = (
  year: string | undefined,
  month: string,
  day: string | undefined,
): readonly string[] => {
  const terms: string[] = [];
  if (year !== undefined && day !== undefined) terms.push(`${year}-${month}-${day}`);
  if (year !== undefined) terms.push(`${year}-${month}`);
  if (day !== undefined) terms.push(`--${month}-${day}`);
  return terms;
};

/** A date that a text names, and where. */
export type NamedDate = { readonly start: number; readonly end: number; readonly terms: readonly string[] };

/** Whether a word is the name of a month, so that `datesIn` may find a date about it. */
export const isMonth = (word: string): boolean => monthNames.has(word.toLowerCase());

/** The dates that are spelled with the name of a month, in their order. Those of digits alone are `piecesOf`'s. */
export const datesIn = (text: string): readonly NamedDate[] =>
  [...text.matchAll(spelled)].map(({ 0: found, index, groups = {} }) => ({
    start: index,
    end: index + found.length,
    terms: dateTerms(groups.year, monthNumber(groups.name ?? ""), groups.day?.padStart(2, "0")),
  }));
