/**
 * A sketch of a row: the sign of each of its numbers, counted from the middle of all rows, and two float32 that make
 * of them an estimate of its product with any query, whose error is known (RaBitQ: Gao and Long, SIGMOD 2024). For a
 * row x, the middle c, r = x − c and a query q,
 *
 *     q·x = (q − c)·c + c·x + (q − c)·r     and     (q − c)·r ≈ (q − c)·sign(r) · |r|² / Σ|rᵢ|
 *
 * where (q − c)·sign(r) is off by 0.6 |q − c|, as a standard deviation: the rotation makes it a sum of many small
 * errors. The slope is |r|² / Σ|rᵢ|, the offset c·x.
 */
import {
  chunkOf,
  chunkRows,
  chunks,
  middleAt,
  offsetsOf,
  scalesOf,
  sketchesOf,
  slopesOf,
  width,
} from "./layout";
import { has } from "./presence";

/** Four numbers of a row. */
function four(row: usize, scale: v128): v128 {
  const numbers = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(row)));
  return f32x4.mul(f32x4.convert_i32x4_s(numbers), scale);
}

function sum(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)
  );
}

export let sketching: bool = false;

export function sketch(slot: u32): void {
  const chunk = chunkOf(slot / chunkRows);
  const index = slot % chunkRows;
  const row = chunk + index * width;
  const scale = v128.load32_splat(scalesOf(chunk) + index * 4);
  /** A byte has four signs of this row in one half, and of the row 16 before or after it in the other. */
  const shift = <u8>((index & 16) >> 2);
  const others = <u8>(0xf0 >> shift);
  let signs = sketchesOf(chunk, index) + (index & 15);
  let absolutes = f32x4.splat(0);
  let squares = f32x4.splat(0);
  let products = f32x4.splat(0);
  for (let at: usize = 0; at < width; at += 4) {
    const x = four(row + at, scale);
    const c = v128.load(middleAt + at * 4);
    const r = f32x4.sub(x, c);
    absolutes = f32x4.add(absolutes, f32x4.abs(r));
    squares = f32x4.add(squares, f32x4.mul(r, r));
    products = f32x4.add(products, f32x4.mul(x, c));
    store<u8>(signs, (load<u8>(signs) & others) | ((<u8>i32x4.bitmask(r)) << shift));
    signs += 16;
  }
  const total = sum(absolutes);
  store<f32>(slopesOf(chunk) + index * 4, total > 0 ? sum(squares) / total : 0);
  store<f32>(offsetsOf(chunk) + index * 4, sum(products));
}

/** Takes the middle of every so many-th row, and sketches all rows from it; from now on, each that is put. */
export function sketchAll(step: u32): void {
  sketching = true;
  memory.fill(middleAt, 0, width * 4);
  let count: f32 = 0;
  for (let slot: u32 = 0; slot < chunks * chunkRows; slot += step) {
    if (!has(slot)) continue;
    const chunk = chunkOf(slot / chunkRows);
    const row = chunk + (slot % chunkRows) * width;
    const scale = v128.load32_splat(scalesOf(chunk) + (slot % chunkRows) * 4);
    for (let at: usize = 0; at < width; at += 4)
      v128.store(middleAt + at * 4, f32x4.add(v128.load(middleAt + at * 4), four(row + at, scale)));
    count += 1;
  }
  const factor = f32x4.splat(1 / max(count, 1));
  for (let at: usize = 0; at < width * 4; at += 16)
    v128.store(middleAt + at, f32x4.mul(v128.load(middleAt + at), factor));
  for (let slot: u32 = 0; slot < chunks * chunkRows; slot++) if (has(slot)) sketch(slot);
}
