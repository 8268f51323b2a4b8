import type { Embed } from "../index.ts";

/** FNV-1a (Fowler, Noll and Vo), 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
};

/** Each run of three characters counts in one dimension, with a sign, so that texts that share many are near. */
const vectorOf = (text: string, dimensions: number): number[] => {
  const vector: number[] = Array.from({ length: dimensions }, () => 0);
  const padded = ` ${text.toLowerCase()} `;
  for (let at = 0; at + 3 <= padded.length; at++) {
    const hashed = hash(padded.slice(at, at + 3));
    const place = hashed % dimensions;
    vector[place] = (vector[place] ?? 0) + (hashed & 0x10000 ? 1 : -1);
  }
  if (!vector.some((number) => number !== 0)) vector[0] = 1;
  return vector;
};

/** An embedder that needs no model: the same text always has the same vector. For tests alone. */
export const hashEmbeddings = (
  dimensions: number,
  model = "hash",
): { readonly dimensions: number; readonly model: string; readonly embed: Embed } => ({
  dimensions,
  model,
  embed: async (texts) => texts.map((text) => vectorOf(text, dimensions)),
});
