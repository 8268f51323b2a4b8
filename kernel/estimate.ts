/** What the sketches say about how near rows are to the query: for each a bound that it hardly ever passes. */
import { offer, threshold } from "./best";
import {
  boundsAt,
  chunkOf,
  chunkRows,
  halfAt,
  middleAt,
  offsetsOf,
  sketchesOf,
  slopesOf,
  tableAt,
  vectorAt,
  width,
} from "./layout";

/** A bound is an estimate and so many standard deviations of its error: 1 row in 160 passes it. */
const deviations: f64 = 2.5;
/** The standard deviation of a product with random signs, for a query of length 1: √(1 − 2/π). */
const signError: f64 = 0.603;
/** The table's numbers go up to this: eight of them are summed in a byte. */
const tableMost: f64 = 31;

/** For a sum of the table's numbers: (sum · step + margin) · the row's slope + its offset + base is its bound. */
let step: f32 = 0;
let margin: f32 = 0;
let base: f32 = 0;

/** Makes ready for the query, which `vector` holds. */
export function prepare(): void {
  let squares: f64 = 0;
  let toMiddle: f64 = 0;
  let total: f64 = 0;
  let most: f64 = 0;
  for (let group: usize = 0; group < width * 4; group += 16) {
    let sum: f64 = 0;
    for (let at = group; at < group + 16; at += 4) {
      const middle = load<f32>(middleAt + at);
      const value = load<f32>(vectorAt + at) - middle;
      store<f32>(vectorAt + at, value);
      squares += <f64>value * <f64>value;
      toMiddle += <f64>value * <f64>middle;
      sum += <f64>abs(value);
    }
    total += sum;
    most = max(most, sum);
  }
  step = <f32>max((2 * most) / tableMost, 1e-30);
  for (let group: usize = 0; group < width * 4; group += 16) tabulate(vectorAt + group, tableAt + group);
  const rounding = (<f64>step * <f64>step * <f64>(width / 4)) / 12;
  margin = <f32>(deviations * Math.sqrt(signError * signError * squares + rounding) - total);
  base = <f32>toMiddle;
}

/** The sums of four numbers under all 16 ways to put signs before them, from 0 up. A set bit is a minus. */
function tabulate(numbers: usize, table: usize): void {
  const four = f32x4.div(v128.load(numbers), f32x4.splat(step));
  const lifts = f32x4.abs(four);
  const lift =
    f32x4.extract_lane(lifts, 0) +
    f32x4.extract_lane(lifts, 1) +
    f32x4.extract_lane(lifts, 2) +
    f32x4.extract_lane(lifts, 3);
  const pairs = f32x4.add(
    f32x4.mul(v128.shuffle<f32>(four, four, 0, 0, 0, 0), f32x4(1, -1, 1, -1)),
    f32x4.mul(v128.shuffle<f32>(four, four, 1, 1, 1, 1), f32x4(1, 1, -1, -1)),
  );
  const c = f32x4.extract_lane(four, 2);
  const d = f32x4.extract_lane(four, 3);
  v128.store(
    table,
    i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(lifted(pairs, lift + c + d), lifted(pairs, lift - c + d)),
      i16x8.narrow_i32x4_s(lifted(pairs, lift + c - d), lifted(pairs, lift - c - d)),
    ),
  );
}

/** Four sums as whole numbers. */
function lifted(sums: v128, lift: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.add(sums, f32x4.splat(lift))));
}

/** Takes the bounds of 32 rows, from `first` on, and offers by them those whose bits are set. */
export function estimate(first: u32, bits: u32): void {
  const chunk = chunkOf(first / chunkRows);
  const signs = sketchesOf(chunk, first % chunkRows);
  const half = v128.load8_splat(halfAt);
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  for (let at: usize = 0; at < width * 4; at += 128) {
    let low = i32x4.splat(0);
    let high = i32x4.splat(0);
    // What looks into the table is below 16, so that relaxed looks are the same on every machine, and take less.
    for (let group = at; group < at + 128; group += 16) {
      const table = v128.load(tableAt + group);
      const pairs = v128.load(signs + group);
      low = i8x16.add(low, i8x16.relaxed_swizzle(table, v128.and(pairs, half)));
      high = i8x16.add(high, i8x16.relaxed_swizzle(table, v128.and(i16x8.shr_u(pairs, 4), half)));
    }
    a = i16x8.add(a, i16x8.extend_low_i8x16_u(low));
    b = i16x8.add(b, i16x8.extend_high_i8x16_u(low));
    c = i16x8.add(c, i16x8.extend_low_i8x16_u(high));
    d = i16x8.add(d, i16x8.extend_high_i8x16_u(high));
  }
  const row = first % chunkRows;
  bound(a, chunk, row, first);
  bound(b, chunk, row + 8, first + 8);
  bound(c, chunk, row + 16, first + 16);
  bound(d, chunk, row + 24, first + 24);
  const bounds = boundsAt + first * 4;
  bits &= exceeding(bounds, threshold);
  while (bits) {
    const index = ctz(bits);
    offer(load<f32>(bounds + index * 4), first + index);
    bits &= bits - 1;
  }
}

/** Writes the bounds of eight rows. */
function bound(sums: v128, chunk: usize, row: u32, slot: u32): void {
  boundFour(i32x4.extend_low_i16x8_u(sums), chunk, row, slot);
  boundFour(i32x4.extend_high_i16x8_u(sums), chunk, row + 4, slot + 4);
}

function boundFour(sums: v128, chunk: usize, row: u32, slot: u32): void {
  const product = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.splat(step)), f32x4.splat(margin));
  const offset = f32x4.add(v128.load(offsetsOf(chunk) + row * 4), f32x4.splat(base));
  v128.store(
    boundsAt + slot * 4,
    f32x4.add(f32x4.mul(product, v128.load(slopesOf(chunk) + row * 4)), offset),
  );
}

/** A bit for each of 32 numbers that is above another one. */
export function exceeding(numbers: usize, other: f32): u32 {
  const least = f32x4.splat(other);
  let bits: u32 = 0;
  for (let at: u32 = 0; at < 32; at += 4)
    bits |= i32x4.bitmask(f32x4.gt(v128.load(numbers + at * 4), least)) << at;
  return bits;
}
