import type { Match } from "./find-matches.ts";
import type { TextQuery } from "./text-query.ts";

/** Where the phrases of a query stand among the matches of a text, which come in the order of the text. */
export type FoundPhrases = {
  /** Looks at the last of the matches, each of which is to be looked at once. */
  readonly add: (matches: readonly Match[]) => void;
  /** How many of the phrases stand whole among the matches from the nth on, up to the last one. */
  readonly countFrom: (nth: number) => number;
};

/**
 * No word stands between: what an apostrophe sets off belongs to the word before it (Ada's) or behind it (l'avion), as
 * do the end of an ordinal (1st) and the v of a number (v1).
 */
const nothingBetween = /^(?:['’]\p{L}{1,2}|st|nd|rd|th)?[^\p{L}\p{N}]*(?:v|\p{L}{1,2}['’])?$/iu;

const follows = (text: string, end: number, start: number): boolean =>
  (start === end + 1 && text[end] === " ") || nothingBetween.test(text.slice(end, start));

const none: FoundPhrases = { add: () => undefined, countFrom: () => 0 };

/** The match of a term that the nth follows; −1 where there is none. A word has several terms. */
const placeBefore = (matches: readonly Match[], nth: number, term: string, text: string): number => {
  const start = matches[nth]?.start ?? 0;
  for (let at = nth - 1; at >= 0; at--) {
    const match = matches[at];
    if (!match || match.end > start) continue;
    if (!follows(text, match.end, start)) return -1;
    if (match.term === term) return at;
  }
  return -1;
};

export const findPhrases = (text: string, { phrases }: TextQuery): FoundPhrases => {
  if (phrases.length === 0) return none;
  /** By phrase: the match with which it began when it last stood whole. */
  const firsts = phrases.map(() => -1);
  return {
    add: (matches) => {
      const last = matches.length - 1;
      for (const [nth, phrase] of phrases.entries()) {
        if (matches[last]?.term !== phrase.at(-1)) continue;
        let at = last;
        for (let word = phrase.length - 2; word >= 0 && at >= 0; word--)
          at = placeBefore(matches, at, phrase[word] ?? "", text);
        if (at >= 0) firsts[nth] = at;
      }
    },
    countFrom: (nth) => firsts.reduce((count, first) => (first >= nth ? count + 1 : count), 0),
  };
};
