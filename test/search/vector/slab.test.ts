import { describe, expect, it } from "vitest";
import { createSlab } from "../../../src/search/vector/slab.ts";
import { brute, randomVectors } from "./vectors.ts";

describe("slab", () => {
  for (const dimensions of [1, 2, 3, 64, 383, 384, 4_000])
    it(`[Q6] finds the nearest of ${dimensions} dimensions among what it gives`, () => {
      const vectors = randomVectors(2_000, dimensions, 1);
      const slab = createSlab(dimensions);
      vectors.forEach((vector, slot) => {
        slab.set(slot, vector);
      });
      for (const query of randomVectors(20, dimensions, 2)) {
        const found = slab.search(query, 10);
        const truth = brute(vectors, query);
        const tenth = truth[9]?.similarity ?? 1;
        for (const { slot, similarity, error } of found)
          expect(
            Math.abs(similarity - (truth.find((it) => it.slot === slot)?.similarity ?? 9)),
          ).toBeLessThanOrEqual(error);
        expect(found.length).toBeGreaterThanOrEqual(10);
        const slots = new Set(found.map(({ slot }) => slot));
        const missed = truth.slice(0, 10).filter((it) => !slots.has(it.slot) && it.similarity > tenth + 1e-6);
        expect(missed).toEqual([]);
      }
    });
});
