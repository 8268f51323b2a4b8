/** Similarities of whole rows to the query. */
import { offer, threshold } from "./best";
import { chunkOf, chunkRows, queryAt, scalesOf, width } from "./layout";
import { queryScale } from "./rows";

function multiplied(row: usize, low: v128, high: v128, sum: v128): v128 {
  return i32x4.add(
    i32x4.add(sum, i32x4.dot_i16x8_s(v128.load8x8_s(row), low)),
    i32x4.dot_i16x8_s(v128.load8x8_s(row + 8), high),
  );
}

function added(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

/** The products of the query with four rows, without their scales. */
function products(a: usize, b: usize, c: usize, d: usize): v128 {
  let sumA = i32x4.splat(0);
  let sumB = i32x4.splat(0);
  let sumC = i32x4.splat(0);
  let sumD = i32x4.splat(0);
  for (let at: usize = 0; at < width; at += 16) {
    const low = v128.load(queryAt + at * 2);
    const high = v128.load(queryAt + at * 2 + 16);
    sumA = multiplied(a + at, low, high, sumA);
    sumB = multiplied(b + at, low, high, sumB);
    sumC = multiplied(c + at, low, high, sumC);
    sumD = multiplied(d + at, low, high, sumD);
  }
  const sums = f32x4.convert_i32x4_s(added(added(sumA, sumB), added(sumC, sumD)));
  return f32x4.mul(sums, f32x4.splat(queryScale));
}

/** Offers 32 rows that stand one after another, from a multiple of 32 on. */
export function offerRun(first: u32): void {
  const chunk = chunkOf(first / chunkRows);
  let row = chunk + (first % chunkRows) * width;
  let scales = scalesOf(chunk) + (first % chunkRows) * 4;
  for (let slot = first; slot < first + 32; slot += 4) {
    const found = f32x4.mul(products(row, row + width, row + 2 * width, row + 3 * width), v128.load(scales));
    if (v128.any_true(f32x4.gt(found, f32x4.splat(threshold)))) {
      offer(f32x4.extract_lane(found, 0), slot);
      offer(f32x4.extract_lane(found, 1), slot + 1);
      offer(f32x4.extract_lane(found, 2), slot + 2);
      offer(f32x4.extract_lane(found, 3), slot + 3);
    }
    row += 4 * width;
    scales += 16;
  }
}

function rowOf(slot: u32): usize {
  return chunkOf(slot / chunkRows) + (slot % chunkRows) * width;
}

export function scaleOf(slot: u32): f32 {
  return load<f32>(scalesOf(chunkOf(slot / chunkRows)) + (slot % chunkRows) * 4);
}

/** Offers rows by a list of their slots, uint32, four at a time; of fewer the last one fills up. */
export function offerListed(list: usize, count: u32): void {
  const last = list + (count - 1) * 4;
  for (let at = list; at <= last; at += 16) {
    const a = load<u32>(at);
    const b = load<u32>(min(at + 4, last));
    const c = load<u32>(min(at + 8, last));
    const d = load<u32>(min(at + 12, last));
    const found = products(rowOf(a), rowOf(b), rowOf(c), rowOf(d));
    offer(f32x4.extract_lane(found, 0) * scaleOf(a), a);
    if (b !== a) offer(f32x4.extract_lane(found, 1) * scaleOf(b), b);
    if (c !== b) offer(f32x4.extract_lane(found, 2) * scaleOf(c), c);
    if (d !== c) offer(f32x4.extract_lane(found, 3) * scaleOf(d), d);
  }
}
