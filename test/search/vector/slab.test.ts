import { describe, expect, it } from "vitest";
import { limits } from "../../../src/base/limits.ts";
import { createSlab, type Slab } from "../../../src/search/vector/slab.ts";
import { createRandom } from "../../../src/testing/random.ts";
import { cosine, randomVectors, recallOf, trueNeighbours } from "./vectors.ts";

const fill = (slab: Slab, vectors: readonly Float32Array[]): ReadonlyMap<number, Float32Array> => {
  for (const [slot, vector] of vectors.entries()) slab.set(slot, vector);
  return new Map(vectors.entries());
};

const slotsOf = (found: readonly { readonly slot: number }[]): number[] => found.map(({ slot }) => slot);

describe("slab", () => {
  for (const dimensions of [1, 2, 3, 5, 64, 383, 384, 4_000])
    it(`[Q6] finds the nearest of ${dimensions} dimensions, and says how far it may be off`, () => {
      const slab = createSlab(dimensions);
      const vectors = fill(slab, randomVectors(dimensions > 1_000 ? 300 : 1_500, dimensions, dimensions));
      for (const query of randomVectors(10, dimensions, 1)) {
        const truth = trueNeighbours(vectors, query);
        const found = slab.search(query, 10);
        expect(found.length).toBeGreaterThanOrEqual(10);
        expect(found.length).toBeLessThanOrEqual(10 + limits.searchUndecided);
        for (const { slot, similarity, error } of found) {
          const vector = vectors.get(slot) ?? query;
          expect(Math.abs(similarity - cosine(vector, query))).toBeLessThanOrEqual(error);
        }
        expect(recallOf(found, truth, 10)).toBe(1);
        const sorted = found.toSorted((a, b) => b.similarity - a.similarity || a.slot - b.slot);
        expect(found).toEqual(sorted);
      }
    });

  it("[Q6] finds the nearest of many that are nearly the same, which rounding does not tell apart", () => {
    const [dimensions, alike] = [128, 600];
    const slab = createSlab(dimensions);
    const random = createRandom(9);
    const [middle = new Float32Array(dimensions), ...others] = randomVectors(2_000, dimensions, 8);
    const near = Array.from({ length: alike }, () => middle.map((value) => value + (random() - 0.5) * 0.002));
    const vectors = fill(slab, [...near, ...others]);
    for (const query of near.slice(0, 50))
      expect(recallOf(slab.search(query, 1), trueNeighbours(vectors, query), 1)).toBe(1);
  });

  it("[Q6] follows what is set, set again and cleared", () => {
    const seed = 6;
    const random = createRandom(seed);
    const [dimensions, most] = [24, 5_000];
    const slab = createSlab(dimensions);
    const vectors = new Map<number, Float32Array>();
    for (const [step, vector] of randomVectors(12_000, dimensions, seed).entries()) {
      const slot = Math.floor(random() * Math.min(most, step + 1));
      if (random() < 0.4) {
        slab.clear(slot);
        vectors.delete(slot);
      } else {
        slab.set(slot, vector);
        vectors.set(slot, vector);
      }
      expect(slab.size).toBe(vectors.size);
      expect(slab.has(slot)).toBe(vectors.has(slot));
      if (step % 500 === 0)
        expect(recallOf(slab.search(vector, 10), trueNeighbours(vectors, vector), 10), `seed ${seed}`).toBe(
          1,
        );
    }
    for (const slot of vectors.keys()) slab.clear(slot);
    expect(slab.size).toBe(0);
    expect(slab.search(new Float32Array(dimensions).fill(1), 10)).toEqual([]);
  });

  it("[Q6] looks only among those it is told, as numbers or as bits", () => {
    const slab = createSlab(16);
    const vectors = fill(slab, randomVectors(3_000, 16, 2));
    const [query = new Float32Array(16)] = randomVectors(1, 16, 3);
    for (const every of [1, 2, 7, 100, 1_000]) {
      const slots = [...vectors.keys()].filter((slot) => slot % every === 0);
      const bits = new Uint8Array(Math.ceil(vectors.size / 8));
      for (const slot of slots) bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7));
      const byNumbers = slab.search(query, 10, Uint32Array.from([...slots, 3_001, 1_000_000]));
      expect(slab.search(query, 10, bits)).toEqual(byNumbers);
      expect(
        recallOf(
          byNumbers,
          trueNeighbours(vectors, query, (slot) => slot % every === 0),
          10,
        ),
      ).toBe(1);
      expect(byNumbers.length).toBeGreaterThanOrEqual(Math.min(10, slots.length));
    }
    expect(slab.search(query, 10, new Uint32Array(0))).toEqual([]);
    expect(slab.search(query, 10, new Uint8Array(0))).toEqual([]);
    expect(slotsOf(slab.search(query, 10, Uint8Array.of(5)))).toHaveLength(2);
    expect(slab.search(query, 3_000, new Uint8Array(10_000).fill(255))).toHaveLength(3_000);
  });

  it("[Q6] gives as many as it is asked for while there are", () => {
    const slab = createSlab(8);
    const vectors = fill(slab, randomVectors(2_000, 8, 4));
    const [query = new Float32Array(8)] = randomVectors(1, 8, 5);
    expect(slab.search(query, 0)).toEqual([]);
    expect(slab.search(query, 1).length).toBeGreaterThanOrEqual(1);
    for (const limit of [2_000, 1e9, Number.MAX_SAFE_INTEGER]) {
      const found = slab.search(query, limit);
      expect(slotsOf(found).toSorted((a, b) => a - b)).toEqual([...vectors.keys()]);
    }
  });

  it("[Q6] of equal vectors the lower slots come first", () => {
    const slab = createSlab(4);
    for (let slot = 0; slot < 3_000; slot++) slab.set(slot, Float32Array.of(1, 2, 3, 4));
    expect(slotsOf(slab.search(Float32Array.of(1, 2, 3, 4), 5)).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it("[Q6] the length of a vector does not matter, however great or small", () => {
    const slab = createSlab(2);
    for (const [slot, length] of [1e-38, 1e-20, 1, 1e20, 1e38].entries())
      slab.set(slot, Float32Array.of(length, length));
    for (const { similarity } of slab.search(Float32Array.of(3e-39, 3e-39), 5))
      expect(similarity).toBeCloseTo(1, 2);
  });

  it("[Q6] refuses what has no direction and what is of another length, and keeps what was there", () => {
    const slab = createSlab(2);
    slab.set(0, Float32Array.of(1, 0));
    const wrong = [[0, 0], [Number.NaN, 1], [1, Number.POSITIVE_INFINITY], [1], [1, 2, 3]];
    for (const numbers of wrong) {
      expect(() => slab.set(0, Float32Array.from(numbers))).toThrow();
      expect(() => slab.search(Float32Array.from(numbers), 1)).toThrow();
    }
    expect(slab.size).toBe(1);
    expect(slab.search(Float32Array.of(1, 0), 1)[0]?.similarity).toBeCloseTo(1, 4);
  });

  it("[Q6] says where its memory ends, and works on", () => {
    const slab = createSlab(4_000);
    slab.set(0, new Float32Array(4_000).fill(1));
    for (const slot of [1_000_000, 2 ** 32, 1e12])
      expect(() => slab.set(slot, new Float32Array(4_000).fill(1))).toThrow(
        expect.objectContaining({ code: "too_large" }),
      );
    expect(slab.size).toBe(1);
    expect(slab.search(new Float32Array(4_000).fill(2), 3)).toHaveLength(1);
  });

  it("[Q6] finds vectors beyond the second gibibyte", () => {
    const slab = createSlab(4_000);
    const far = 600_000;
    slab.set(far, new Float32Array(4_000).fill(1));
    slab.set(3, new Float32Array(4_000).fill(-1));
    expect(slotsOf(slab.search(new Float32Array(4_000).fill(1), 2))).toEqual([far, 3]);
    expect(slotsOf(slab.search(new Float32Array(4_000).fill(1), 2, Uint32Array.of(far)))).toEqual([far]);
  });
});
