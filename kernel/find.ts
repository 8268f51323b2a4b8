/** The two ways to find the best rows: to compare the query with each of them, or with all sketches first. */
import { keepBest, kept, slotAt, threshold } from "./best";
import { offerListed, offerRun } from "./compare";
import { estimate, exceeding, prepare } from "./estimate";
import { amongAt, boundsAt, chunkOf, chunkRows, chunks, firstAt, presenceOf } from "./layout";

/**
 * Leaves of the rows in `among` those that are there, or takes all that are there; gives how many.
 * @param filtered whether `among` was written
 */
export function select(filtered: bool): u32 {
  let count: u64 = 0;
  for (let number: u32 = 0; number < chunks; number++) {
    const presence = presenceOf(chunkOf(number));
    const among = amongAt + number * (chunkRows / 8);
    for (let at: usize = 0; at < chunkRows / 8; at += 8) {
      let bits = load<u64>(presence + at);
      if (filtered) bits &= load<u64>(among + at);
      store<u64>(among + at, bits);
      count += popcnt(bits);
    }
  }
  return <u32>count;
}

/** A bit for each of 32 rows that were selected. */
function selected(first: u32): u32 {
  return load<u32>(amongAt + first / 8);
}

/** Lists those of 32 rows whose bits are set; gives where the list goes on. */
function list(first: u32, bits: u32, end: usize): usize {
  while (bits) {
    store<u32>(end, first + ctz(bits));
    bits &= bits - 1;
    end += 4;
  }
  return end;
}

function offerUpTo(end: usize): void {
  if (end > boundsAt) offerListed(boundsAt, <u32>(end - boundsAt) / 4);
}

/** Compares the query with every row that was selected, and keeps the best; gives how many. */
export function findByRows(most: u32): u32 {
  keepBest(most);
  let end = boundsAt;
  for (let row: u32 = 0; row < chunks * chunkRows; row += 32) {
    const bits = selected(row);
    if (bits === 0xffffffff) {
      offerUpTo(end);
      end = boundsAt;
      offerRun(row);
    } else end = list(row, bits, end);
  }
  offerUpTo(end);
  return kept;
}

/**
 * Takes a bound from the sketch of each row that was selected, compares the query with those of the highest bounds,
 * which gives a similarity that `limit` rows reach, and then with all that may reach it by their bounds. The best of
 * those that do are kept; gives how many.
 * @param first how many rows of the highest bounds
 * @param rounding how much less than others a row may seem, by the rounding of rows, and be as good
 */
export function findBySketches(limit: u32, most: u32, first: u32, rounding: f32): u32 {
  const rows = chunks * chunkRows;
  prepare();
  keepBest(first);
  for (let row: u32 = 0; row < rows; row += 32) {
    const bits = selected(row);
    if (bits) estimate(row, bits);
  }
  const reached = reachedByFirst(limit);
  // Bounds of sketches are so wide that rounding makes next to nothing of them.
  keepBest(most, reached - rounding);
  // The list takes the place of bounds that were read.
  let end = boundsAt;
  for (let row: u32 = 0; row < rows; row += 32) {
    const bits = selected(row);
    if (bits) end = list(row, bits & exceeding(boundsAt + row * 4, reached), end);
  }
  offerUpTo(end);
  return kept;
}

/** The similarity that so many of the rows that were kept reach; their bounds no longer rule those out that do. */
function reachedByFirst(limit: u32): f32 {
  const count = kept;
  for (let at: u32 = 0; at < count; at++) store<u32>(firstAt + at * 4, slotAt(at));
  keepBest(limit);
  offerListed(firstAt, count);
  for (let at: u32 = 0; at < kept; at++) store<f32>(boundsAt + slotAt(at) * 4, Infinity);
  return threshold;
}
