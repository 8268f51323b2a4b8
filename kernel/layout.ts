/**
 * Where things lie in the memory. First what one vector needs, then the rows, in chunks of 1,024, then room for a
 * search, which is made anew for each and gives way when chunks are added. Rows are padded with zeros.
 */
export const chunkRows: u32 = 1024;
export const rotationRounds: u32 = 4;

export let dimensions: u32 = 0;
/** Numbers of a row with its padding: a multiple of 32. */
export let width: u32 = 0;

/** float32: a vector as it is given; afterwards of length 1 and rotated. */
export let vectorAt: usize = 0;
/** float32, 1 or −1: what each round of the rotation multiplies by. */
export let signsAt: usize = 0;
/** int16: the vector that is searched for, rounded. */
export let queryAt: usize = 0;

let chunksAt: usize = 0;
let chunkBytes: usize = 0;
export let chunks: u32 = 0;

/** Within a chunk, after the int8 rows: float32 scales, and a bit for each row that is there. */
let scalesAt: usize = 0;
let presenceAt: usize = 0;

/** In the room for a search: a bit for each row that may be found, then the best that were found, 64 bits each. */
export let amongAt: usize = 0;
export let bestAt: usize = 0;

function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

export function layOut(dimensionsOfRows: u32): bool {
  dimensions = dimensionsOfRows;
  width = (dimensions + 31) & ~31;
  vectorAt = 1024;
  signsAt = vectorAt + aligned(width * 4);
  queryAt = signsAt + aligned(width * 4 * rotationRounds);
  chunksAt = queryAt + aligned(width * 2);
  scalesAt = chunkRows * width;
  presenceAt = scalesAt + chunkRows * 4;
  chunkBytes = aligned(presenceAt + chunkRows / 8);
  return reach(chunksAt);
}

/** Sees to it that the memory goes up to an address; false where it cannot. */
function reach(end: u64): bool {
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

/** Adds chunks, empty, until there are so many; false where the memory ends before. */
export function addChunks(count: u32): bool {
  if (!reach(<u64>chunksAt + <u64>count * chunkBytes)) return false;
  while (chunks < count) memory.fill(presenceOf(chunkOf(chunks++)), 0, chunkRows / 8);
  return true;
}

/** Makes room for a search that keeps so many; false where the memory ends before. */
export function makeRoom(kept: u32): bool {
  const room = <u64>chunksAt + <u64>chunks * chunkBytes;
  if (!reach(room + (<u64>chunks * chunkRows) / 8 + <u64>kept * 8)) return false;
  amongAt = <usize>room;
  bestAt = amongAt + (chunks * chunkRows) / 8;
  return true;
}

export function chunkOf(number: u32): usize {
  return chunksAt + <usize>number * chunkBytes;
}

export function scalesOf(chunk: usize): usize {
  return chunk + scalesAt;
}

export function presenceOf(chunk: usize): usize {
  return chunk + presenceAt;
}
