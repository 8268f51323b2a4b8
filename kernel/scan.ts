import { offer, threshold } from "./best";
import { amongAt, chunkOf, chunkRows, chunks, presenceOf, queryAt, scalesOf, width } from "./layout";
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

/** The products of the query with four rows. */
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
  return added(added(sumA, sumB), added(sumC, sumD));
}

function offerFour(similarities: v128, a: u32, b: u32, c: u32, d: u32): void {
  if (!v128.any_true(f32x4.gt(similarities, f32x4.splat(threshold)))) return;
  offer(f32x4.extract_lane(similarities, 0), a);
  offer(f32x4.extract_lane(similarities, 1), b);
  offer(f32x4.extract_lane(similarities, 2), c);
  offer(f32x4.extract_lane(similarities, 3), d);
}

/** Rows of a chunk that stand one after another, 32 of them. */
function scanRun(chunk: usize, first: u32, slot: u32): void {
  const scale = f32x4.splat(queryScale);
  for (let index = first; index < first + 32; index += 4) {
    const row = chunk + index * width;
    const sums = f32x4.convert_i32x4_s(products(row, row + width, row + 2 * width, row + 3 * width));
    const scales = f32x4.mul(v128.load(scalesOf(chunk) + index * 4), scale);
    const at = slot + index - first;
    offerFour(f32x4.mul(sums, scales), at, at + 1, at + 2, at + 3);
  }
}

/** Those of 32 rows whose bits are set. */
function scanSome(chunk: usize, first: u32, slot: u32, bits: u32): void {
  const scales = scalesOf(chunk) + first * 4;
  const rows = chunk + first * width;
  while (bits) {
    const a = ctz(bits);
    bits &= bits - 1;
    const b = bits ? ctz(bits) : a;
    bits &= bits - 1;
    const c = bits ? ctz(bits) : b;
    bits &= bits - 1;
    const d = bits ? ctz(bits) : c;
    bits &= bits - 1;
    const sums = f32x4.convert_i32x4_s(
      products(rows + a * width, rows + b * width, rows + c * width, rows + d * width),
    );
    offer(f32x4.extract_lane(sums, 0) * (queryScale * load<f32>(scales + a * 4)), slot + a);
    if (b !== a) offer(f32x4.extract_lane(sums, 1) * (queryScale * load<f32>(scales + b * 4)), slot + b);
    if (c !== b) offer(f32x4.extract_lane(sums, 2) * (queryScale * load<f32>(scales + c * 4)), slot + c);
    if (d !== c) offer(f32x4.extract_lane(sums, 3) * (queryScale * load<f32>(scales + d * 4)), slot + d);
  }
}

/** Offers every row that is there, or is among those that may be found, by its similarity. */
export function scan(filtered: bool): void {
  for (let number: u32 = 0; number < chunks; number++) {
    const chunk = chunkOf(number);
    for (let first: u32 = 0; first < chunkRows; first += 32) {
      const slot = number * chunkRows + first;
      let bits = load<u32>(presenceOf(chunk) + first / 8);
      if (filtered) bits &= load<u32>(amongAt + slot / 8);
      if (bits === 0xffffffff) scanRun(chunk, first, slot);
      else if (bits) scanSome(chunk, first, slot, bits);
    }
  }
}
