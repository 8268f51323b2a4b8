import { describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { createSlab } from "../../../src/search/vector/slab.ts";

describe("chunks of a slab", () => {
  it("[Q6] fill another one, which then finds the same", () => {
    const random = createRandom(5);
    const vector = () => Float32Array.from({ length: 70 }, () => random.below(2001) / 1000 - 1.0005);
    const slab = createSlab(70);
    for (let slot = 0; slot < 2_500; slot++) if (slot % 7 > 0) slab.set(slot, vector());
    slab.clear(5);
    const other = createSlab(70);
    other.set(3, vector());
    for (let chunk = 0; chunk < 3; chunk++) {
      expect(other.writeChunk(chunk, slab.readChunk(chunk) ?? new Uint8Array())).toBe(true);
    }
    expect(slab.readChunk(3)).toBeUndefined();
    expect(other.size).toBe(slab.size);
    for (let round = 0; round < 20; round++) {
      const asked = vector();
      expect(other.search(asked, 10)).toEqual(slab.search(asked, 10));
    }
    expect(other.writeChunk(0, new Uint8Array(100))).toBe(false);
    expect(createSlab(97).writeChunk(0, slab.readChunk(0) ?? new Uint8Array())).toBe(false);
  });
});
