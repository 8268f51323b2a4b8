import { termWeight } from "./bm25.ts";
import { type Lengths, type Postings, scoreWindows, type WeighedTerm } from "./score-windows.ts";
import { addTo, newTally } from "./tally.ts";
import type { ThreadLinks } from "./thread-links.ts";

export type ThreadQuery = {
  readonly terms: readonly WeighedTerm[];
  /** Of the terms that `names` of the query holds. */
  readonly names: readonly Postings[];
  /** Of the term of texts that ask. */
  readonly asking: Postings;
};

/** What the score of its whole thread, as one long document, adds to a document that matches. */
const threadPart = 0.2;
/** A document with a short text that the query names, such as its speaker, tells more of what is asked. */
const namedFactor = 1.25;
/** A document that ends with a question asks for what others tell. */
const askingFactor = 0.88;

/** BM25 of each thread, taken as one document. */
const scoreWholes = (
  { terms }: ThreadQuery,
  { thread, threads }: ThreadLinks,
  lengths: ArrayLike<number>,
  size: number,
): Float64Array => {
  const scores = new Float64Array(threads);
  const wholes = newTally(threads);
  for (let slot = 0; slot < size; slot++) {
    const number = thread[slot] ?? -1;
    if (number >= 0) addTo(wholes, number, lengths[slot] ?? 0);
  }
  const threadLengths = wholes.sums.slice();
  const filled = Math.max(wholes.count, 1);
  const averageLength = threadLengths.reduce((sum, length) => sum + length, 0) / filled;
  wholes.sums.fill(0);
  wholes.count = 0;
  for (const { postings } of terms) {
    for (let at = 0; at < postings.count; at++) {
      const number = thread[postings.slots[at] ?? 0] ?? -1;
      if (number >= 0) addTo(wholes, number, postings.frequencies[at] ?? 0);
    }
    // Of few threads a term stands in most: what it tells is kept above nothing.
    const known = Math.log(1 + (filled - wholes.count + 0.5) / (wholes.count + 0.5));
    for (let at = 0; at < wholes.count; at++) {
      const number = wholes.listed[at] ?? 0;
      const weight = termWeight(wholes.sums[number] ?? 0, threadLengths[number] ?? 0, averageLength);
      scores[number] = (scores[number] ?? 0) + known * weight;
      wholes.sums[number] = 0;
    }
    wholes.count = 0;
  }
  return scores;
};

const multiply = (scores: Float64Array, found: readonly Postings[], factor: number): void => {
  const done = new Set<number>();
  for (const { slots, count } of found) {
    for (let at = 0; at < count; at++) {
      const slot = slots[at] ?? 0;
      if ((scores[slot] ?? 0) === 0 || (found.length > 1 && done.has(slot))) continue;
      scores[slot] = (scores[slot] ?? 0) * factor;
      if (found.length > 1) done.add(slot);
    }
  }
};

/**
 * The scores of documents that stand in threads, by slot: a document lends its words to its neighbours, so that an
 * answer is found by its question. Without threads, names and questions these are the scores of BM25. Documents that
 * hold no term, and have no neighbour that does, have 0; those of slots in no thread that are not to be found are the
 * caller's to leave out.
 * @param size how many slots there are
 */
export const scoreThreads = (
  query: ThreadQuery,
  links: ThreadLinks,
  texts: Lengths,
  size: number,
): Float64Array => {
  const scores = scoreWindows(query.terms, links, texts, size);
  const wholes = scoreWholes(query, links, texts.lengths, size);
  for (let slot = 0; slot < size; slot++) {
    const score = scores[slot] ?? 0;
    const number = links.thread[slot] ?? -1;
    if (score > 0 && number >= 0) scores[slot] = score + threadPart * (wholes[number] ?? 0);
  }
  multiply(scores, query.names, namedFactor);
  multiply(scores, [query.asking], askingFactor);
  return scores;
};
