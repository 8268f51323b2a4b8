import { analyze } from "../../src/search/text/analyze.ts";
import { seeded } from "../text.ts";

/** How steeply words get rarer with their rank: in texts of natural languages it is about 1 (Zipf, 1935). */
const exponent = 1;

/** Draws words, the first of the vocabulary the most often. */
export type Words = {
  readonly draw: () => string;
  /** Words drawn one after another until there are so many characters. */
  readonly text: (characters: number) => string;
  /** So many words, none of them twice: common and rarer ones, as often as texts have them. */
  readonly question: (words: number) => string;
};

/** @param seed other words are drawn, of the same vocabulary */
export const createWords = (vocabularyWords: number, seed: number): Words => {
  const vocabulary = makeVocabulary(vocabularyWords);
  const sums = new Float64Array(vocabularyWords);
  let sum = 0;
  for (let rank = 1; rank <= vocabularyWords; rank++) {
    sum += rank ** -exponent;
    sums[rank - 1] = sum;
  }
  const random = seeded(seed);
  const draw = (): string => vocabulary[placeOf(sums, random() * sum)] ?? "";
  return {
    draw,
    text: (characters) => {
      let text = draw();
      while (text.length < characters) text += ` ${draw()}`;
      return text;
    },
    question: (words) => {
      const drawn = new Set<string>();
      while (drawn.size < words) drawn.add(draw());
      return [...drawn].join(" ");
    },
  };
};

/** The first place whose sum is above the value. */
const placeOf = (sums: Float64Array, value: number): number => {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
};

const consonants = "bcdfghjklmnprtvwz";
const vowels = "aiou";

/**
 * Words that are none of a language: the analysis of texts leaves each as it is, one term, so that it is the same
 * term to a tokenizer that knows no stems.
 */
const makeVocabulary = (count: number): string[] => {
  const random = seeded(1);
  const pick = (letters: string): string => letters[Math.floor(random() * letters.length)] ?? "";
  const words = new Set<string>();
  while (words.size < count) {
    const syllables = 2 + Math.floor(random() * 3);
    let word = "";
    for (let syllable = 0; syllable < syllables; syllable++) word += pick(consonants) + pick(vowels);
    const terms = analyze(word).map(({ term }) => term);
    if (terms.length === 1 && terms[0] === word) words.add(word);
  }
  return [...words];
};
