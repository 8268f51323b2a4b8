import { saturated, saturation } from "../../../../search/text/bm25.ts";
import type { WholeNumbers } from "../../../in-memory/number-list.ts";
import { hasSlot, type Slots } from "../../../in-memory/slots.ts";
import type { Run } from "./runs.ts";

/** Scores by slot, and the slots that have one; the first `count` of `touched`. */
export type Scores = { scores: Float64Array; touched: Uint32Array; count: number };

/** Where scores are added up. One search follows the other, so there is one of it; between searches it is all 0. */
const scratch: Scores = { scores: new Float64Array(0), touched: new Uint32Array(0), count: 0 };

/** Lends the scores of so many slots to some work. */
export const withScores = <Result>(size: number, work: (scores: Scores) => Result): Result => {
  if (scratch.scores.length < size) {
    const room = Math.max(size, scratch.scores.length * 2);
    scratch.scores = new Float64Array(room);
    scratch.touched = new Uint32Array(room);
  }
  try {
    return work(scratch);
  } finally {
    for (let at = 0; at < scratch.count; at++) scratch.scores[scratch.touched[at] ?? 0] = 0;
    scratch.count = 0;
  }
};

/** By length: how much a document of it is worth less for it. Longer ones are reckoned each. */
const saturations = new Float64Array(4_096);
const knowSaturations = (averageLength: number, longest: number): void => {
  const lengths = Math.min(saturations.length, longest + 1);
  for (let length = 0; length < lengths; length++) saturations[length] = saturation(length, averageLength);
};

export type Lengths = { readonly lengths: WholeNumbers; readonly average: number; readonly longest: number };

/**
 * Adds BM25 of terms, each with its inverse document frequency.
 * @param fits only to these slots; undefined: to all
 */
export const addScores = (
  into: Scores,
  runs: readonly Run[],
  weightOf: (run: Run) => number,
  { lengths, average, longest }: Lengths,
  fits: Slots | undefined,
): void => {
  const { scores, touched } = into;
  knowSaturations(average, longest);
  const byLength = lengths.array;
  let { count } = into;
  for (const run of runs) {
    const weight = weightOf(run);
    const { array: slots, length } = run.slots;
    const frequencies = run.frequencies.array;
    for (let at = 0; at < length; at++) {
      const slot = slots[at] ?? 0;
      if (fits && !hasSlot(fits, slot)) continue;
      const words = byLength[slot] ?? 0;
      const before = scores[slot] ?? 0;
      if (before === 0) touched[count++] = slot;
      const known = words < saturations.length ? (saturations[words] ?? 0) : saturation(words, average);
      scores[slot] = before + weight * saturated(frequencies[at] ?? 0, known);
    }
  }
  into.count = count;
};

/**
 * Takes scores that were reckoned elsewhere, by slot.
 * @param fits only of these slots; undefined: of all
 */
export const keepScores = (into: Scores, scores: Float64Array, fits: Slots | undefined): void => {
  for (let slot = 0; slot < scores.length; slot++) {
    const score = scores[slot] ?? 0;
    if (score === 0 || (fits && !hasSlot(fits, slot))) continue;
    into.scores[slot] = score;
    into.touched[into.count++] = slot;
  }
};
