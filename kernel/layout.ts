/**
 * Where things lie in the memory. First what one vector needs, then the rows, in chunks of 1,024, then room for a
 * search, which is made anew for each and gives way when chunks are added. Rows are padded with zeros.
 */
export const chunkRows: u32 = 1024;
export const rotationRounds: u32 = 4;

export let dimensions: u32 = 0;
/** Numbers of a row with its padding: a multiple of 32. */
export let width: u32 = 0;

/** uint8: a mask for half a byte. Compilers build a constant anew in every round of a loop, and load this once. */
export const halfAt: usize = 1008;

/** float32: a vector as it is given; afterwards of length 1 and rotated. */
export let vectorAt: usize = 0;
/** float32, 1 or −1: what each round of the rotation multiplies by. */
export let signsAt: usize = 0;
/** int16: the vector that is searched for, rounded. */
export let queryAt: usize = 0;
/** float32: the middle of the rows, once it was taken. */
export let middleAt: usize = 0;
/** uint8: for each four signs of a sketch what they add to a product with the query, 16 of them for each group. */
export let tableAt: usize = 0;

let chunksAt: usize = 0;
let chunkBytes: usize = 0;
export let chunks: u32 = 0;

/** Within a chunk, after the int8 rows: float32 scales, sketches with two float32 each, a bit for each row there. */
let scalesAt: usize = 0;
let sketchesAt: usize = 0;
let slopesAt: usize = 0;
let offsetsAt: usize = 0;
let presenceAt: usize = 0;

/** In the room for a search: for each row a bit whether it may be found, and a float32 for what its sketch says or a slot, */
export let amongAt: usize = 0;
export let boundsAt: usize = 0;
/** the best that were found, 64 bits each, and slots of those that were best before, 32 bits each. */
export let bestAt: usize = 0;
export let firstAt: usize = 0;

function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

export function layOut(dimensionsOfRows: u32): bool {
  dimensions = dimensionsOfRows;
  width = (dimensions + 31) & ~31;
  vectorAt = 1024;
  signsAt = vectorAt + aligned(width * 4);
  queryAt = signsAt + aligned(width * 4 * rotationRounds);
  middleAt = queryAt + aligned(width * 2);
  tableAt = middleAt + aligned(width * 4);
  chunksAt = tableAt + aligned(width * 4);
  scalesAt = chunkRows * width;
  sketchesAt = scalesAt + chunkRows * 4;
  slopesAt = sketchesAt + (chunkRows * width) / 8;
  offsetsAt = slopesAt + chunkRows * 4;
  presenceAt = offsetsAt + chunkRows * 4;
  chunkBytes = aligned(presenceAt + chunkRows / 8);
  if (!reach(chunksAt)) return false;
  store<u8>(halfAt, 15);
  return true;
}

/** Sees to it that the memory goes up to an address; false where it cannot. */
function reach(end: u64): bool {
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

/** Of the room for a search, what does not depend on how much it keeps. */
function roomBytes(rows: u64): u64 {
  return rows / 8 + rows * 4;
}

/** Adds chunks, empty, until there are so many; false where the memory ends before, or a search would have no room. */
export function addChunks(count: u32): bool {
  const end = <u64>chunksAt + <u64>count * chunkBytes;
  if (!reach(end + roomBytes(<u64>count * chunkRows))) return false;
  while (chunks < count) memory.fill(presenceOf(chunkOf(chunks++)), 0, chunkRows / 8);
  return true;
}

/** Makes room for a search that keeps so many; false where the memory ends before. */
export function makeRoom(kept: u32): bool {
  const rows = chunks * chunkRows;
  amongAt = chunkOf(chunks);
  boundsAt = amongAt + rows / 8;
  bestAt = boundsAt + rows * 4;
  firstAt = bestAt + kept * 8;
  return reach(<u64>bestAt + <u64>kept * 12);
}

export function chunkOf(number: u32): usize {
  return chunksAt + <usize>number * chunkBytes;
}

export function scalesOf(chunk: usize): usize {
  return chunk + scalesAt;
}

/** Of 32 rows that stand one after another, from the one of this index on: `width` / 4 times 32 halves of a byte. */
export function sketchesOf(chunk: usize, index: u32): usize {
  return chunk + sketchesAt + (index / 32) * width * 4;
}

export function slopesOf(chunk: usize): usize {
  return chunk + slopesAt;
}

export function offsetsOf(chunk: usize): usize {
  return chunk + offsetsAt;
}

export function presenceOf(chunk: usize): usize {
  return chunk + presenceAt;
}
