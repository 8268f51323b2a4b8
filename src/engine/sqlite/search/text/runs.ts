import type { Postings } from "./postings.ts";
import type { TextIndex } from "./text-index.ts";

/** Where a term, or any term of a prefix, stands: slots, rising, dead ones too. */
export type Run = Postings & {
  /** A prefix as it is asked for, with its star. */
  readonly term: string;
};

export const runOf = (texts: TextIndex, term: string): Run => ({ ...texts.read(term), term });

/** A prefix counts as one term that stands wherever a term that begins so does. */
export const runOfPrefix = (texts: TextIndex, prefix: string): Run => ({
  ...texts.readPrefix(prefix),
  term: `${prefix}*`,
});
