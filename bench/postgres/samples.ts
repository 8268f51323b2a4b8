import { dimensions, makeSamples, type Sample } from "../samples.ts";
import { seeded } from "../text.ts";

/**
 * Samples of which no two share a number of their embeddings, as it is with a model's: PostgresStore keeps an index
 * of all numbers, to which one that was seen before costs less than a new one.
 */
export const makeDistinctSamples = (name: string, count: number): Sample[] => {
  const random = seeded(name.length + count);
  const numbers = Float32Array.from({ length: count * dimensions }, () => random() - 0.5);
  return makeSamples(name, count).map((sample, at) => ({
    ...sample,
    embeddings: numbers.subarray(at * dimensions, (at + 1) * dimensions),
  }));
};
