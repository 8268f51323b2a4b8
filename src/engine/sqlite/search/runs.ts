import { limits } from "../../../base/limits.ts";
import { push, wholeNumbers } from "../../in-memory/number-list.ts";
import type { Postings } from "./postings.ts";
import type { TextIndex } from "./text-index.ts";

/** Where a term, or any term of a prefix, stands: slots, rising, dead ones too. */
export type Run = Postings & { readonly term: string };

const newPostings = (): Postings => ({ slots: wholeNumbers(), frequencies: wholeNumbers() });

export const runOf = (texts: TextIndex, term: string): Run => ({ term, ...texts.read(term) });

/** Both of two runs, with the frequencies of slots that both have added. */
const merge = (a: Postings, b: Postings): Postings => {
  const merged = newPostings();
  let left = 0;
  let right = 0;
  while (left < a.slots.length || right < b.slots.length) {
    const slotA = left < a.slots.length ? (a.slots.array[left] ?? 0) : Number.POSITIVE_INFINITY;
    const slotB = right < b.slots.length ? (b.slots.array[right] ?? 0) : Number.POSITIVE_INFINITY;
    let frequency = 0;
    if (slotA <= slotB) frequency += a.frequencies.array[left++] ?? 0;
    if (slotB <= slotA) frequency += b.frequencies.array[right++] ?? 0;
    push(merged.slots, Math.min(slotA, slotB));
    push(merged.frequencies, frequency);
  }
  return merged;
};

const mergeAll = (runs: readonly Postings[]): Postings => {
  const [first, ...rest] = runs;
  if (!first) return newPostings();
  if (rest.length === 0) return first;
  const half = runs.length >>> 1;
  return merge(mergeAll(runs.slice(0, half)), mergeAll(runs.slice(half)));
};

/** A prefix counts as one term that stands wherever one of its first `limits.prefixTerms` terms does. */
export const runOfPrefix = (texts: TextIndex, prefix: string): Run => ({
  term: `${prefix}*`,
  ...mergeAll(texts.termsWith(prefix, limits.prefixTerms).map((term) => runOf(texts, term))),
});
