import { isObject } from "../../base/json.ts";

/** What an answer holds: vectors in the order of the texts, or what is wrong with it. */
export type Answer = { readonly vectors: Float32Array[] } | { readonly problem: string };

type Numbers = readonly unknown[] | Float32Array;

const floatBytes = 4;

/** float32, little endian, in base64, as servers give it that are asked for `encoding_format: "base64"`. */
const decodeBase64 = (text: string): Float32Array | undefined => {
  const bytes = Buffer.from(text, "base64");
  return bytes.length % floatBytes === 0 ? new Float32Array(new Uint8Array(bytes).buffer) : undefined;
};

const numbersOf = (embedding: unknown): Numbers | undefined => {
  if (typeof embedding === "string") return decodeBase64(embedding);
  return Array.isArray(embedding) ? embedding : undefined;
};

/** A vector that points somewhere; undefined where it is none. */
const toVector = (embedding: unknown): Float32Array | undefined => {
  const numbers = numbersOf(embedding);
  if (numbers === undefined || numbers.length === 0) return undefined;
  const vector = new Float32Array(numbers.length);
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at];
    vector[at] = typeof number === "number" ? number : Number.NaN;
  }
  return vector.every(Number.isFinite) && vector.some((number) => number !== 0) ? vector : undefined;
};

/** Where a vector belongs; servers that leave `index` out keep the order. */
const indexOf = (item: Record<string, unknown>, place: number): unknown =>
  item.index === undefined ? place : item.index;

/** @param body what the server sent, parsed @param count how many texts it was asked for */
export const readAnswer = (body: unknown, count: number): Answer => {
  const data = isObject(body) ? body.data : undefined;
  if (!Array.isArray(data)) return { problem: "answered without data: [ … ]" };
  if (data.length !== count) return { problem: `answered ${count} texts with ${data.length} vectors` };
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const [place, item] of data.entries()) {
    const vector = isObject(item) ? toVector(item.embedding) : undefined;
    if (vector === undefined)
      return { problem: `gave, as number ${place}, what is no vector of finite numbers` };
    const index = isObject(item) ? indexOf(item, place) : undefined;
    if (typeof index !== "number" || !(index in vectors) || vectors[index] !== undefined)
      return { problem: "answered with an index that is missing, or there twice" };
    vectors[index] = vector;
  }
  const found = vectors.filter((vector) => vector !== undefined);
  const length = found[0]?.length;
  if (found.some((vector) => vector.length !== length))
    return { problem: "gave vectors of different lengths" };
  return { vectors: found };
};
