import { describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { type PlainRun, readPlain } from "../../../src/search/text/runs.ts";
import { createUnitReader } from "../../../src/search/text/text-units.ts";
import { createWordTable } from "../../../src/search/text/word-table.ts";

const readUnits = createUnitReader();
const plain: PlainRun = { end: 0, hash: 0 };

describe("a table of words", () => {
  it("[Q5] finds each word that was added by its piece of a text, and no other", () => {
    const random = createRandom(3);
    const table = createWordTable();
    const known = new Map<string, number>();
    for (let round = 0; round < 20_000; round++) {
      const word = random.below(6_000).toString(random.pick([2, 10, 36]));
      const from = random.below(3);
      const { codes } = readUnits(`${" ".repeat(from)}${word} y`);
      expect(readPlain(codes, from, plain)).toBe(true);
      expect(plain.end).toBe(from + word.length);
      expect(table.find(codes, from, plain.end, plain.hash)).toBe(known.get(word));
      if (!known.has(word)) {
        known.set(word, round);
        table.add(codes, from, plain.end, plain.hash, round);
      }
    }
    expect(table.size()).toBe(known.size);
    table.clear();
    const { codes } = readUnits("0");
    readPlain(codes, 0, plain);
    expect(table.find(codes, 0, plain.end, plain.hash)).toBeUndefined();
  });
});
