import { termWeight } from "./bm25.ts";

/**
 * Where a term stands: in the documents of these slots, rising, so often in each. The first `count` of both count.
 * Slots are an index's own numbers of its documents.
 */
export type Postings = {
  readonly slots: Uint32Array;
  readonly frequencies: Uint8Array | Uint16Array;
  readonly count: number;
};

/** How many words the document of each slot has. */
export type Lengths = Uint32Array | Uint16Array;

/**
 * Adds to the scores what a term is worth in each document that it stands in.
 * @param scores by slot; those of documents without any term stay 0
 */
export const accumulate = (
  scores: Float64Array,
  { slots, frequencies, count }: Postings,
  inverseFrequency: number,
  lengths: Lengths,
  averageLength: number,
): void => {
  for (let at = 0; at < count; at++) {
    const slot = slots[at] ?? 0;
    const weight = termWeight(frequencies[at] ?? 0, lengths[slot] ?? 0, averageLength);
    scores[slot] = (scores[slot] ?? 0) + inverseFrequency * weight;
  }
};

/** Whether the document of slot `a` comes after that of slot `b`: by score, ties by slot. */
const isWorse = (scores: Float64Array, a: number, b: number): boolean => {
  const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
  return difference < 0 || (difference === 0 && a > b);
};

/** Lets the slot at the root of a heap, whose root is the worst, sink to its place. */
const sink = (heap: Uint32Array, size: number, scores: Float64Array): void => {
  let at = 0;
  const slot = heap[0] ?? 0;
  while (true) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && isWorse(scores, heap[child + 1] ?? 0, heap[child] ?? 0)) child++;
    if (!isWorse(scores, heap[child] ?? 0, slot)) break;
    heap[at] = heap[child] ?? 0;
    at = child;
  }
  heap[at] = slot;
};

/**
 * The slots of the `k` best scores above 0, best first; ties by slot.
 * @param allows tells which slots may be among them; left out: all
 */
export const topK = (scores: Float64Array, k: number, allows?: (slot: number) => boolean): number[] => {
  if (k <= 0) return [];
  const kept: number[] = [];
  const byScore = (a: number, b: number): number => (isWorse(scores, a, b) ? 1 : -1);
  let heap: Uint32Array | undefined;
  for (let slot = 0; slot < scores.length; slot++) {
    const score = scores[slot] ?? 0;
    if (score <= 0 || (heap && score <= (scores[heap[0] ?? 0] ?? 0))) continue;
    if (allows && !allows(slot)) continue;
    if (!heap) {
      kept.push(slot);
      // Sorted the worst first, it is a heap.
      if (kept.length === k) heap = Uint32Array.from(kept.sort(byScore).reverse());
    } else {
      heap[0] = slot;
      sink(heap, heap.length, scores);
    }
  }
  return [...(heap ?? kept)].sort(byScore);
};
