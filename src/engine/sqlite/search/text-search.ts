import { inverseDocumentFrequency, termWeight } from "../../../search/text/bm25.ts";
import type { TextQuery } from "../../../search/text/text-query.ts";
import { bestSlots } from "./best-slots.ts";
import type { Documents } from "./documents.ts";
import { slotsOfPhrase } from "./phrases.ts";
import { type Run, runOf, runOfPrefix } from "./runs.ts";
import { hasSlot, type Slots } from "./slots.ts";
import type { TextIndex } from "./text-index.ts";

export type TextMatch = { readonly slot: number; readonly score: number; readonly terms: readonly string[] };

/** The scores of one search by slot, and the slots that have one. */
export type Scores = { readonly scores: Float64Array; readonly touched: Uint32Array; count: number };

const countLive = ({ slots: { array, length } }: Run, alive: Slots): number => {
  let count = 0;
  for (let index = 0; index < length; index++) if (hasSlot(alive, array[index] ?? 0)) count++;
  return count;
};

const contains = ({ slots: { array, length } }: Run, slot: number): boolean => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((array[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return low < length && array[low] === slot;
};

/** BM25 of every slot that fits and has one of the terms. */
const score = (runs: readonly Run[], documents: Documents, texts: TextIndex, fits: Slots): Scores => {
  const size = documents.size();
  const found: Scores = { scores: new Float64Array(size), touched: new Uint32Array(size), count: 0 };
  const { scores, touched } = found;
  const live = documents.live();
  const averageLength = texts.liveLength() / Math.max(1, live);
  const lengths = texts.lengths.array;
  for (const run of runs) {
    const weight = inverseDocumentFrequency(live, countLive(run, documents.alive()));
    for (let index = 0; index < run.slots.length; index++) {
      const slot = run.slots.array[index] ?? 0;
      if (!hasSlot(fits, slot)) continue;
      const before = scores[slot] ?? 0;
      if (before === 0) touched[found.count++] = slot;
      const frequency = run.frequencies.array[index] ?? 0;
      scores[slot] = before + weight * termWeight(frequency, lengths[slot] ?? 0, averageLength);
    }
  }
  return found;
};

/**
 * The best documents by text, best first, ties by id.
 * @param fits the slots to choose from, all of them alive
 */
export const searchText = (
  query: TextQuery,
  documents: Documents,
  texts: TextIndex,
  fits: Slots,
  limit: number,
): TextMatch[] => {
  const runs = new Map([...new Set(query.terms)].map((term) => [term, runOf(texts, term)]));
  const prefixes = [...new Set(query.prefixes)].map((prefix) => runOfPrefix(texts, prefix));
  const within = query.phrases.reduce((slots, phrase) => slotsOfPhrase(texts, phrase, runs, slots), fits);
  const all = [...runs.values(), ...prefixes];
  const { scores, touched, count } = score(all, documents, texts, within);
  return bestSlots(touched, count, scores, documents.ids, limit).map((slot) => ({
    slot,
    score: scores[slot] ?? 0,
    terms: all.filter((run) => contains(run, slot)).map(({ term }) => term),
  }));
};
