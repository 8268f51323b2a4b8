/** Vectors as rows of int8, each with a scale, and the query as int16. */
import { chunkOf, chunkRows, queryAt, scalesOf, vectorAt, width } from "./layout";
import { add } from "./presence";
import { rotate } from "./rotate";
import { sketch, sketching } from "./sketch";

/** Two numbers, times a factor. */
function multiplied(at: usize, factor: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(at)), factor));
}

/** Brings `vector` to length 1 and rotates it; false where it has no direction: all zeros, or not all finite. */
function normalise(): bool {
  let squares = f64x2.splat(0);
  for (let at = vectorAt; at < vectorAt + width * 4; at += 8) {
    const two = f64x2.promote_low_f32x4(v128.load64_zero(at));
    squares = f64x2.add(squares, f64x2.mul(two, two));
  }
  const square = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  if (!(square > 0 && square < Infinity)) return false;
  const factor = f64x2.splat(1 / Math.sqrt(square));
  for (let at = vectorAt; at < vectorAt + width * 4; at += 16)
    v128.store(at, v128.shuffle<f32>(multiplied(at, factor), multiplied(at + 8, factor), 0, 1, 4, 5));
  rotate();
  return true;
}

/** The largest number of `vector`, whatever its sign. */
function largest(): f32 {
  let most = f32x4.splat(0);
  for (let at = vectorAt; at < vectorAt + width * 4; at += 16)
    most = f32x4.max(most, f32x4.abs(v128.load(at)));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** Eight numbers of `vector`, times a factor, as int16. */
function rounded(at: usize, factor: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at), factor))),
    i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(at + 16), factor))),
  );
}

/** Puts `vector` into a slot; false where it has no direction. */
export function put(slot: u32): bool {
  if (!normalise()) return false;
  const chunk = chunkOf(slot / chunkRows);
  const index = slot % chunkRows;
  const scale = largest() / 127;
  const factor = f32x4.splat(1 / scale);
  for (let at: usize = 0; at < width; at += 16) {
    const numbers = vectorAt + at * 4;
    v128.store(
      chunk + index * width + at,
      i8x16.narrow_i16x8_s(rounded(numbers, factor), rounded(numbers + 32, factor)),
    );
  }
  store<f32>(scalesOf(chunk) + index * 4, scale);
  add(slot);
  if (sketching) sketch(slot);
  return true;
}

/** What a product of whole numbers is to be multiplied by, beside the row's scale. */
export let queryScale: f32 = 0;

/**
 * Makes `vector` the query, as int16, so finely that its products with rows stay within 32 bits: by Cauchy and
 * Schwarz they do where the query's length is below 2³¹ / (127 √width). False where it has no direction.
 */
export function ask(): bool {
  if (!normalise()) return false;
  const finest = min(32767 / <f64>largest(), 2147483647.0 / (128 * Math.sqrt(<f64>width)));
  const factor = f32x4.splat(<f32>finest);
  for (let at: usize = 0; at < width * 4; at += 32)
    v128.store(queryAt + at / 2, rounded(vectorAt + at, factor));
  queryScale = <f32>(1 / finest);
  return true;
}
