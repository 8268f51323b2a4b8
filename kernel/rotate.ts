import { dimensions, rotationRounds, signsAt, vectorAt, width } from "./layout";

/**
 * Rotates `vector` at random, always the same way: signs, then a Walsh-Hadamard transform over as many numbers as are
 * a power of two, in turn the first and the last of them, four times over. Lengths and angles stay as they are, but
 * no number stands out any longer, whatever the embedding model: rounding errors become small, and noise.
 */
export function rotate(): void {
  let span: u32 = 1;
  while (span * 2 <= dimensions) span *= 2;
  for (let round: u32 = 0; round < rotationRounds; round++) {
    const signs = signsAt + round * width * 4;
    for (let at: usize = 0; at < width * 4; at += 16)
      v128.store(vectorAt + at, f32x4.mul(v128.load(vectorAt + at), v128.load(signs + at)));
    transform(vectorAt + (round & 1) * (dimensions - span) * 4, span);
  }
}

/** The fast Walsh-Hadamard transform of `span` numbers, a power of two, which keeps their length. */
function transform(start: usize, span: u32): void {
  const end = start + span * 4;
  const factor = <f32>(1 / Math.sqrt(<f64>span));
  if (span === 2) {
    const one = load<f32>(start);
    const other = load<f32>(start + 4);
    store<f32>(start, (one + other) * factor);
    store<f32>(start + 4, (one - other) * factor);
  }
  if (span < 4) return;
  for (let at = start; at < end; at += 16)
    v128.store(at, transformFour(f32x4.mul(v128.load(at), f32x4.splat(factor))));
  for (let half: usize = 16; half < span * 4; half *= 2) {
    for (let pair = start; pair < end; pair += half * 2) {
      for (let at = pair; at < pair + half; at += 16) {
        const one = v128.load(at);
        const other = v128.load(at + half);
        v128.store(at, f32x4.add(one, other));
        v128.store(at + half, f32x4.sub(one, other));
      }
    }
  }
}

function transformFour(numbers: v128): v128 {
  const pairs = f32x4.add(
    v128.shuffle<f32>(numbers, numbers, 0, 0, 2, 2),
    f32x4.mul(v128.shuffle<f32>(numbers, numbers, 1, 1, 3, 3), f32x4(1, -1, 1, -1)),
  );
  return f32x4.add(
    v128.shuffle<f32>(pairs, pairs, 0, 1, 0, 1),
    f32x4.mul(v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3), f32x4(1, 1, -1, -1)),
  );
}

/** Signs as a fixed stream of random bits gives them (xorshift, Marsaglia 2003). */
export function drawSigns(): void {
  let state: u32 = 0x9e3779b9;
  for (let at: u32 = 0; at < width * rotationRounds; at++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    store<f32>(signsAt + at * 4, state & 1024 ? 1 : -1);
  }
}
