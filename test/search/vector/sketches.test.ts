import { describe, expect, it } from "vitest";
import { createSlab } from "../../../src/search/vector/slab.ts";
import { randomVectors, recallOf, trueNeighbours } from "./vectors.ts";

const rows = 18_000;

/** The recall of queries, in slabs so large that sketches are looked at first. */
const measure = (
  vectors: ReadonlyMap<number, Float32Array>,
  queries: readonly Float32Array[],
  search: (query: Float32Array) => ReturnType<ReturnType<typeof createSlab>["search"]>,
  among?: (slot: number) => boolean,
): number => {
  const recalls = queries.map((query) => {
    const found = search(query);
    expect(found.length).toBeGreaterThanOrEqual(10);
    if (among) expect(found.every(({ slot }) => among(slot))).toBe(true);
    return recallOf(found, trueNeighbours(vectors, query, among), 10);
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
};

const centred = (dimensions: number): Readonly<Record<string, readonly Float32Array[] | undefined>> => ({
  "in all directions": undefined,
  "in clusters": randomVectors(100, dimensions, 8),
  "in one corner": [new Float32Array(dimensions).fill(1.5)],
});

describe("sketches", () => {
  for (const dimensions of [64, 130])
    for (const [kind, centres] of Object.entries(centred(dimensions)))
      it(`[Q6] lose next to nothing of ${dimensions} dimensions ${kind}`, () => {
        const slab = createSlab(dimensions);
        const vectors = new Map(randomVectors(rows, dimensions, 1, centres).entries());
        for (const [slot, vector] of vectors) slab.set(slot, vector);
        const queries = randomVectors(40, dimensions, 2, centres);
        expect(measure(vectors, queries, (query) => slab.search(query, 10))).toBeGreaterThanOrEqual(0.97);

        for (let slot = 0; slot < rows; slot += 3) {
          slab.clear(slot);
          vectors.delete(slot);
        }
        const odd = (slot: number): boolean => slot % 2 === 1;
        const among = Uint32Array.from([...vectors.keys()].filter(odd));
        const filtered = measure(vectors, queries, (query) => slab.search(query, 10, among), odd);
        expect(filtered).toBeGreaterThanOrEqual(0.97);
      });

  it("[Q6] follow vectors that move elsewhere", () => {
    const dimensions = 96;
    const slab = createSlab(dimensions);
    const vectors = new Map<number, Float32Array>();
    for (const corner of [3, -3, 1]) {
      const centres = [new Float32Array(dimensions).fill(corner)];
      for (const [slot, vector] of randomVectors(rows, dimensions, corner, centres).entries()) {
        slab.set(slot, vector);
        vectors.set(slot, vector);
      }
      const queries = randomVectors(10, dimensions, corner + 10, centres);
      expect(measure(vectors, queries, (query) => slab.search(query, 10))).toBeGreaterThanOrEqual(0.97);
    }
  });

  it("[Q6] vectors that are all the same are all found", () => {
    const slab = createSlab(64);
    const same = new Float32Array(64).fill(0.5);
    for (let slot = 0; slot < rows; slot++) slab.set(slot, same);
    const slots = slab.search(same, 100).map(({ slot }) => slot);
    expect(slots.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, slot) => slot));
  });
});
