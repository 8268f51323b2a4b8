import { chunkOf, chunkRows, presenceOf, queryAt, scalesOf, vectorAt, width } from "./layout";
import { rotate } from "./rotate";

/** Brings `vector` to length 1 and rotates it; false where it has no direction: all zeros, or not all finite. */
function normalise(): bool {
  let squares: f64 = 0;
  for (let at: usize = 0; at < width * 4; at += 4) {
    const value = <f64>load<f32>(vectorAt + at);
    squares += value * value;
  }
  if (!(squares > 0 && squares < Infinity)) return false;
  const factor = 1 / Math.sqrt(squares);
  for (let at: usize = 0; at < width * 4; at += 4)
    store<f32>(vectorAt + at, <f32>(<f64>load<f32>(vectorAt + at) * factor));
  rotate();
  return true;
}

/** The largest number of `vector`, whatever its sign. */
function largest(): f32 {
  let most = f32x4.splat(0);
  for (let at: usize = 0; at < width * 4; at += 16)
    most = f32x4.max(most, f32x4.abs(v128.load(vectorAt + at)));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

function rounded(at: usize, factor: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at), factor)));
}

/** Puts `vector` into a row, as int8 with a scale; false where it has no direction. */
export function put(slot: u32): bool {
  if (!normalise()) return false;
  const chunk = chunkOf(slot / chunkRows);
  const index = slot % chunkRows;
  const scale = largest() / 127;
  const factor = f32x4.splat(1 / scale);
  const row = chunk + index * width;
  for (let at: usize = 0; at < width; at += 16) {
    const from = vectorAt + at * 4;
    const low = i16x8.narrow_i32x4_s(rounded(from, factor), rounded(from + 16, factor));
    const high = i16x8.narrow_i32x4_s(rounded(from + 32, factor), rounded(from + 48, factor));
    v128.store(row + at, i8x16.narrow_i16x8_s(low, high));
  }
  store<f32>(scalesOf(chunk) + index * 4, scale);
  const presence = presenceOf(chunk) + index / 8;
  store<u8>(presence, load<u8>(presence) | ((<u8>1) << (<u8>(index & 7))));
  return true;
}

export function remove(slot: u32): void {
  const presence = presenceOf(chunkOf(slot / chunkRows)) + (slot % chunkRows) / 8;
  store<u8>(presence, load<u8>(presence) & ~((<u8>1) << (<u8>(slot & 7))));
}

export function has(slot: u32): bool {
  return (
    ((load<u8>(presenceOf(chunkOf(slot / chunkRows)) + (slot % chunkRows) / 8) >> <u8>(slot & 7)) & 1) !== 0
  );
}

export function scaleOf(slot: u32): f32 {
  return load<f32>(scalesOf(chunkOf(slot / chunkRows)) + (slot % chunkRows) * 4);
}

/** What a similarity of whole numbers is to be multiplied by, beside a row's scale. */
export let queryScale: f32 = 0;

/**
 * Makes of `vector` the query, as int16, so finely that its products with a row stay within 32 bits. By Cauchy and
 * Schwarz they do where the query's length is below 2³¹ / (127 √width). False where it has no direction.
 */
export function ask(): bool {
  if (!normalise()) return false;
  const finest = min(32767.0 / <f64>largest(), 2147483647.0 / (128 * Math.sqrt(<f64>width)));
  const factor = f32x4.splat(<f32>finest);
  for (let at: usize = 0; at < width * 4; at += 32)
    v128.store(
      queryAt + at / 2,
      i16x8.narrow_i32x4_s(rounded(vectorAt + at, factor), rounded(vectorAt + at + 16, factor)),
    );
  queryScale = <f32>(1 / finest);
  return true;
}
