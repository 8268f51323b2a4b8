import { tagOf, toVector } from "../../../model/embedding-bytes.ts";
import type { Indexing } from "../../../model/indexing.ts";

/** A vector of length one, which is all that the cosine asks for: no number is too large for half precision. */
export const unitVector = (vector: Float32Array): Float32Array => {
  // The largest is taken out first: a square of a large number is none.
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  let squares = 0;
  for (const value of vector) squares += (value / largest) ** 2;
  const length = Math.sqrt(squares) * largest;
  return vector.map((value) => value / length);
};

/**
 * What `vectors` keeps of an embedding: undefined where it is none that is searched, having other dimensions or
 * being of another model.
 */
export const vectorRowOf = (
  { dimensions, tag }: Indexing,
  embeddings: Uint8Array | undefined,
): Float32Array | undefined => {
  if (dimensions === undefined || embeddings === undefined || tagOf(embeddings) !== tag) return undefined;
  const vector = toVector(embeddings);
  return vector.length === dimensions && vector.some((value) => value !== 0) ? unitVector(vector) : undefined;
};
