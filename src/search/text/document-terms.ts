import { analyze } from "./analyze.ts";
import { marksOf } from "./marks.ts";

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

  const add = (term: string, position: number): void => {
    const found = positions.get(term);
    if (found) found.push(position);
    else positions.set(term, [position]);
  };

  for (const { text } of texts) {
    const tokens = analyze(text);
    const words = (tokens.at(-1)?.position ?? -1) + 1;
    if (words === 0) continue;
    for (const { term, position } of tokens) add(term, next + position);
    for (const mark of marksOf(text, tokens)) add(mark, next);
    length += words;
    next += words + gap;
  }
  return { length, positions };
};
