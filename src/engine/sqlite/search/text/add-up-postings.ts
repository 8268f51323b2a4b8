import { push, wholeNumbers } from "../../../in-memory/number-list.ts";
import type { Postings } from "./postings.ts";

/**
 * The postings of several terms, one after another, as those of one: the slots rise, and what stands in a slot more than
 * once is added up.
 */
export const addUpPostings = (all: Postings): Postings => {
  const { array: slots, length } = all.slots;
  const frequencies = all.frequencies.array;
  let [first, last, before] = [Number.POSITIVE_INFINITY, -1, -1];
  let isOne = true;
  for (let at = 0; at < length; at++) {
    const slot = slots[at] ?? 0;
    isOne &&= slot > before;
    before = slot;
    if (slot < first) first = slot;
    if (slot > last) last = slot;
  }
  if (isOne) return all;
  const sums = new Uint32Array(last - first + 1);
  for (let at = 0; at < length; at++) {
    const place = (slots[at] ?? 0) - first;
    sums[place] = (sums[place] ?? 0) + (frequencies[at] ?? 0);
  }
  const added = { slots: wholeNumbers(), frequencies: wholeNumbers() };
  for (let at = 0; at < sums.length; at++) {
    const sum = sums[at] ?? 0;
    if (sum === 0) continue;
    push(added.slots, first + at);
    push(added.frequencies, sum);
  }
  return added;
};
