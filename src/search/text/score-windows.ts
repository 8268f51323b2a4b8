import { saturated, saturation } from "./bm25.ts";
import { addTo, newTally, type Tally } from "./tally.ts";
import type { ThreadLinks } from "./thread-links.ts";

/** Where a term stands: in the documents of the first `count` slots, rising, so often in each. */
export type Postings = {
  readonly slots: ArrayLike<number>;
  readonly frequencies: ArrayLike<number>;
  readonly count: number;
};

/** A term of a query, or all of a prefix, with its inverse document frequency. */
export type WeighedTerm = { readonly postings: Postings; readonly inverseFrequency: number };

/** How many words each document has, by slot, and all of them on average. */
export type Lengths = { readonly lengths: ArrayLike<number>; readonly averageLength: number };

/** What a word counts in a document where it stands one and two documents before it, and after it. */
const fromPrevious = [0.8, 0.5] as const;
const fromNext = [0.3, 0.2] as const;
const windowWeight = 1 + fromPrevious[0] + fromPrevious[1] + fromNext[0] + fromNext[1];

/** How often a term stands in the window about each document: in itself, and by part in its neighbours. */
const addWindows = (windows: Tally, { slots, frequencies, count }: Postings, links: ThreadLinks): void => {
  const { previous, next } = links;
  for (let at = 0; at < count; at++) {
    const slot = slots[at] ?? 0;
    const frequency = frequencies[at] ?? 0;
    addTo(windows, slot, frequency);
    const after = next[slot] ?? -1;
    if (after >= 0) {
      addTo(windows, after, frequency * fromPrevious[0]);
      const second = next[after] ?? -1;
      if (second >= 0) addTo(windows, second, frequency * fromPrevious[1]);
    }
    const before = previous[slot] ?? -1;
    if (before >= 0) {
      addTo(windows, before, frequency * fromNext[0]);
      const second = previous[before] ?? -1;
      if (second >= 0) addTo(windows, second, frequency * fromNext[1]);
    }
  }
};

/** The length of the window about a document. Where it has no neighbours, it is as long as its average window. */
const windowLength = (slot: number, { previous, next }: ThreadLinks, lengths: ArrayLike<number>): number => {
  const length = lengths[slot] ?? 0;
  const [before, after] = [previous[slot] ?? -1, next[slot] ?? -1];
  if (before < 0 && after < 0) return length * windowWeight;
  const lengthAt = (other: number): number => (other < 0 ? 0 : (lengths[other] ?? 0));
  return (
    length +
    fromPrevious[0] * lengthAt(before) +
    fromPrevious[1] * lengthAt(before < 0 ? -1 : (previous[before] ?? -1)) +
    fromNext[0] * lengthAt(after) +
    fromNext[1] * lengthAt(after < 0 ? -1 : (next[after] ?? -1))
  );
};

/** BM25 of each document over the window about it. */
export const scoreWindows = (
  terms: readonly WeighedTerm[],
  links: ThreadLinks,
  { lengths, averageLength }: Lengths,
  size: number,
): Float64Array => {
  const scores = new Float64Array(size);
  const saturations = new Float64Array(size);
  const windows = newTally(size);
  const { sums, listed } = windows;
  const averageWindow = averageLength * windowWeight;
  for (const { postings, inverseFrequency } of terms) {
    addWindows(windows, postings, links);
    for (let at = 0; at < windows.count; at++) {
      const slot = listed[at] ?? 0;
      let known = saturations[slot] ?? 0;
      if (known === 0) {
        known = saturation(windowLength(slot, links, lengths), averageWindow);
        saturations[slot] = known;
      }
      scores[slot] = (scores[slot] ?? 0) + inverseFrequency * saturated(sums[slot] ?? 0, known);
      sums[slot] = 0;
    }
    windows.count = 0;
  }
  return scores;
};
