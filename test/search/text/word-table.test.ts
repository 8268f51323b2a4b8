import { describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { createWordTable } from "../../../src/search/text/word-table.ts";

describe("a table of words", () => {
  it("[Q5] finds each word that was added by its piece of a text, and no other", () => {
    const random = createRandom(3);
    const table = createWordTable();
    const known = new Map<string, number>();
    for (let round = 0; round < 20_000; round++) {
      const word = random.below(6_000).toString(random.pick([2, 10, 36]));
      const [text, start] = [`${"x".repeat(random.below(3))}${word} y`, 0];
      const from = text.indexOf(word, start);
      expect(table.find(text, from, from + word.length)).toBe(known.get(word));
      if (!known.has(word)) {
        known.set(word, round);
        table.add(text, from, from + word.length, round);
      }
    }
    expect(table.size()).toBe(known.size);
    table.clear();
    expect(table.find("a", 0, 1)).toBeUndefined();
  });
});
