import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/search/text/analyze.ts";
import { documentTerms } from "../../../src/search/text/document-terms.ts";
import { findPhrases } from "../../../src/search/text/found-phrases.ts";
import { parseTextQuery } from "../../../src/search/text/parse-text-query.ts";

/** How many phrases of a query stand in a text from its nth match on. */
const countIn = (text: string, query: string, nth = 0): number => {
  const parsed = parseTextQuery(query);
  const found = findPhrases(text, parsed);
  const matches = analyze(text).filter(({ term }) => parsed.terms.includes(term));
  for (const at of matches.keys()) found.add(matches.slice(0, at + 1));
  return found.countFrom(nth);
};

describe("the phrases of a query in a text", () => {
  it("[Q10] are found where their words follow each other, whatever joins them", () => {
    expect(countIn("Here are red apples.", '"red apples"')).toBe(1);
    expect(countIn("Here are RED-apples.", '"red apples"')).toBe(1);
    expect(countIn("Ada's apples", '"ada apple"')).toBe(1);
    expect(countIn("red or apples; apples red", '"red apples"')).toBe(0);
    expect(countIn("on 7 May 2023 it rained", '"7 May 2023 it rained" "May 2023"')).toBe(2);
    expect(countIn("東京都に住む", '"東京都"')).toBe(1);
    expect(countIn("red red apples", '"red apples" "red red" "apples"')).toBe(3);
  });

  it("[Q10] are counted where all of them lies behind a match", () => {
    expect([0, 1, 2, 3].map((nth) => countIn("red apples red red apples", '"red apples"', nth))).toEqual([
      1, 1, 1, 1,
    ]);
    expect(countIn("red apples red red apples", '"red apples"', 4)).toBe(0);
  });

  it("[Q10] are those that a search for them finds", () => {
    const words = fc.array(
      fc.constantFrom("red", "apples", "the", "foo-bar", "Ada's", "v1.2", "l'avion", "1st", "run"),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    const text = fc
      .array(fc.tuple(words, fc.constantFrom(" ", ", ", "-", " and ")), { maxLength: 12 })
      .map((all) => all.map(([some, end]) => some.join(" ") + end).join(""));
    const property = fc.property(text, words, (text, phrase) => {
      const { positions } = documentTerms([{ text }]);
      const { phrases } = parseTextQuery(`"${phrase.join(" ")}"`);
      const [head = "", ...rest] = phrases[0] ?? [];
      const stands = (positions.get(head) ?? []).some((start) =>
        rest.every((term, at) => positions.get(term)?.includes(start + at + 1)),
      );
      expect(countIn(text, `"${phrase.join(" ")}"`) > 0).toBe(stands);
    });
    fc.assert(property, { numRuns: 2_000, seed: 10 });
  });
});
