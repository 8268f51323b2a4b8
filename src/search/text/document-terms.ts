import { analyze } from "./analyze.ts";

/** The terms of a context: how many words it has, and at which positions, rising, each term stands. */
export type DocumentTerms = {
  readonly length: number;
  readonly positions: ReadonlyMap<string, readonly number[]>;
};

/** Texts follow each other with a position left free, so that no phrase goes over from one to the next. */
const gap = 1;

export const documentTerms = (texts: readonly { readonly text: string }[]): DocumentTerms => {
  const positions = new Map<string, number[]>();
  let next = 0;
  let length = 0;
  for (const { text } of texts) {
    let words = 0;
    for (const { term, position } of analyze(text)) {
      const found = positions.get(term);
      if (found) found.push(next + position);
      else positions.set(term, [next + position]);
      words = position + 1;
    }
    length += words;
    next += words + gap;
  }
  return { length, positions };
};
