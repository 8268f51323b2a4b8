import { inverseDocumentFrequency, saturated, saturation } from "../../search/text/bm25.ts";
import { askingTerm } from "../../search/text/marks.ts";
import { scoreThreads } from "../../search/text/score-threads.ts";
import type { Postings, WeighedTerm } from "../../search/text/score-windows.ts";
import type { TextQuery } from "../../search/text/text-query.ts";
import type { ThreadLinks } from "../../search/text/thread-links.ts";
import type { QueryTerms } from "./query-terms.ts";

/** A term of a query, or a prefix with a star, and where it stands. */
export type TermRun = { readonly term: string; readonly postings: Postings };

export const runsOf = ({ terms, prefixes }: TextQuery, found: QueryTerms): TermRun[] => [
  ...[...new Set(terms)].map((term) => ({ term, postings: found.read(term) })),
  ...[...new Set(prefixes)].map((prefix) => ({ term: `${prefix}*`, postings: found.readPrefix(prefix) })),
];

/** BM25 of each document. */
const scoreAlone = (
  terms: readonly WeighedTerm[],
  lengths: readonly number[],
  average: number,
): Float64Array => {
  const scores = new Float64Array(lengths.length);
  for (const { postings, inverseFrequency } of terms) {
    for (let at = 0; at < postings.count; at++) {
      const slot = postings.slots[at] ?? 0;
      const worth = saturated(postings.frequencies[at] ?? 0, saturation(lengths[slot] ?? 0, average));
      scores[slot] = (scores[slot] ?? 0) + inverseFrequency * worth;
    }
  }
  return scores;
};

/**
 * The scores of all documents by slot, as a search of what is current has them: BM25, and what their threads lend.
 * @param lengths how many words each document has
 */
export const scoreTexts = (
  { names }: TextQuery,
  runs: readonly TermRun[],
  found: QueryTerms,
  lengths: readonly number[],
  links: ThreadLinks | undefined,
): Float64Array => {
  // A document without a text is none of those that texts are compared with.
  const texts = lengths.filter((length) => length > 0);
  const averageLength = texts.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
  const terms = runs.map(({ postings }): WeighedTerm => {
    return { postings, inverseFrequency: inverseDocumentFrequency(texts.length, postings.count) };
  });
  if (!links) return scoreAlone(terms, lengths, averageLength);
  const query = { terms, names: names.map(found.read), asking: found.read(askingTerm) };
  return scoreThreads(query, links, { lengths, averageLength }, lengths.length);
};
