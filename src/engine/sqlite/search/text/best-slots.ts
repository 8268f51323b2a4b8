import type { Scores } from "./scores.ts";

/** The best of the slots that have a score, best first; ties by id. A heap of the best so far has its worst on top. */
export const bestSlots = (
  { scores, touched, count }: Scores,
  ids: readonly string[],
  limit: number,
): number[] => {
  const heap: number[] = [];
  const isWorse = (a: number, b: number): boolean => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return difference === 0 ? (ids[a] ?? "") > (ids[b] ?? "") : difference < 0;
  };
  const at = (index: number): number => heap[index] ?? 0;
  const sink = (slot: number): void => {
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isWorse(at(child + 1), at(child))) child++;
      if (!isWorse(at(child), slot)) break;
      heap[index] = at(child);
      index = child;
    }
    heap[index] = slot;
  };
  const rise = (slot: number): void => {
    let index = heap.push(slot) - 1;
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if (!isWorse(slot, at(parent))) break;
      heap[index] = at(parent);
      index = parent;
    }
    heap[index] = slot;
  };
  let least = 0;
  for (let index = 0; index < count; index++) {
    const slot = touched[index] ?? 0;
    if (heap.length < limit) rise(slot);
    else if ((scores[slot] ?? 0) >= least && isWorse(at(0), slot)) sink(slot);
    else continue;
    if (heap.length === limit) least = scores[at(0)] ?? 0;
  }
  return heap.sort((a, b) => (isWorse(a, b) ? 1 : -1));
};
