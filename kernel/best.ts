/**
 * The best that a search found so far: a binary heap of 64-bit keys, the worst at its top. A key has the similarity
 * as bits that sort like it above, and the slot below, inverted: of equal similarities the lower slot is better.
 */
import { bestAt } from "./layout";

let capacity: u32 = 0;
export let kept: u32 = 0;
/** What a similarity must exceed to be kept. */
export let threshold: f32 = -Infinity;

/** @param floor what is not above it is not kept, however few there are */
export function keepBest(most: u32, floor: f32 = -Infinity): void {
  capacity = most;
  kept = 0;
  threshold = most === 0 ? Infinity : floor;
}

function key(similarity: f32, slot: u32): u64 {
  const bits = reinterpret<u32>(similarity);
  const sortable = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
  return ((<u64>sortable) << 32) | <u64>~slot;
}

function similarityOf(key: u64): f32 {
  const sortable = <u32>(key >> 32);
  return reinterpret<f32>(sortable ^ (<u32>(<i32>~sortable >> 31) | 0x80000000));
}

export function slotAt(index: u32): u32 {
  return ~(<u32>load<u64>(at(index)));
}

function at(index: u32): usize {
  return bestAt + index * 8;
}

/** To be called in the order of slots: one that is no better than the worst that is kept is let go. */
export function offer(similarity: f32, slot: u32): void {
  if (!(similarity > threshold)) return;
  if (kept < capacity) rise(key(similarity, slot));
  else sink(key(similarity, slot));
  if (kept === capacity) threshold = similarityOf(load<u64>(bestAt));
}

function rise(value: u64): void {
  let index = kept++;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = load<u64>(at(parent));
    if (above <= value) break;
    store<u64>(at(index), above);
    index = parent;
  }
  store<u64>(at(index), value);
}

function sink(value: u64): void {
  let index: u32 = 0;
  while (true) {
    let child = index * 2 + 1;
    if (child >= kept) break;
    let below = load<u64>(at(child));
    if (child + 1 < kept) {
      const other = load<u64>(at(child + 1));
      if (other < below) {
        below = other;
        child++;
      }
    }
    if (below >= value) break;
    store<u64>(at(index), below);
    index = child;
  }
  store<u64>(at(index), value);
}
