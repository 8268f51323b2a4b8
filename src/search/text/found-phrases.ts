import type { Match } from "./find-matches.ts";
import type { TextQuery } from "./text-query.ts";

/** Where the phrases of a query stand among the matches of a text, which come in the order of the text. */
export type FoundPhrases = {
  /** @param nth how many matches came before it */
  readonly add: (match: Match, nth: number) => void;
  /** How many of the phrases stand whole among the matches from the nth on, up to the last one. */
  readonly countFrom: (nth: number) => number;
};

/** A phrase of which some words were found in a row. */
type Begun = {
  readonly phrase: number;
  readonly words: number;
  /** The match with which it begins, and where in the text it ends so far. */
  readonly first: number;
  readonly end: number;
};

/**
 * No word stands between: what an apostrophe sets off belongs to the word before it (Ada's) or behind it (l'avion), as
 * does the v of a number (v1).
 */
const nothingBetween = /^(?:['’]\p{L}{1,2})?[^\p{L}\p{N}]*(?:v|\p{L}{1,2}['’])?$/iu;

const none: FoundPhrases = { add: () => undefined, countFrom: () => 0 };

export const findPhrases = (text: string, { phrases }: TextQuery): FoundPhrases => {
  if (phrases.length === 0) return none;
  /** By phrase: the match with which it began when it last stood whole. */
  const lastFirst = phrases.map(() => -1);
  let begun: Begun[] = [];
  return {
    add: ({ term, start, end }, nth) => {
      const goOn: Begun[] = [];
      const take = (one: Begun): void => {
        if (one.words === phrases[one.phrase]?.length) lastFirst[one.phrase] = one.first;
        else goOn.push(one);
      };
      for (const one of begun) {
        // A word has several terms, any of which may be the next one.
        const isWithin = start < one.end;
        if (!isWithin && !nothingBetween.test(text.slice(one.end, start))) continue;
        goOn.push(one);
        if (!isWithin && phrases[one.phrase]?.[one.words] === term)
          take({ ...one, words: one.words + 1, end });
      }
      for (const [phrase, [head]] of phrases.entries())
        if (head === term) take({ phrase, words: 1, first: nth, end });
      begun = goOn;
    },
    countFrom: (nth) => lastFirst.reduce((count, first) => (first >= nth ? count + 1 : count), 0),
  };
};
