import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/base/limits.ts";
import { documentTerms } from "../../../src/search/text/document-terms.ts";
import { parseTextQuery } from "../../../src/search/text/parse-text-query.ts";

/** Whether a text has a term of the query, and its phrases, as an engine finds it. */
const finds = (query: string, ...texts: string[]): boolean => {
  const { terms, prefixes, phrases } = parseTextQuery(query);
  const { positions } = documentTerms(texts.map((text) => ({ text })));
  const isThere = (phrase: readonly string[]): boolean =>
    (positions.get(phrase[0] ?? "") ?? []).some((start) =>
      phrase.every((term, index) => positions.get(term)?.includes(start + index)),
    );
  return (
    (terms.some((term) => positions.has(term)) ||
      prefixes.some((prefix) => [...positions.keys()].some((term) => term.startsWith(prefix)))) &&
    phrases.every(isThere)
  );
};

describe("a text that is searched for", () => {
  it("[Q5] is words, phrases and prefixes", () => {
    expect(parseTextQuery('orders "red apples" univ* delivered')).toEqual({
      terms: expect.arrayContaining(["order", "red", "appl", "deliv"]),
      prefixes: ["univ"],
      phrases: [["red", "appl"]],
      names: expect.arrayContaining(["=order", "=red appl"]),
    });
  });

  it("[Q5] finds a phrase only where it stands, within one text", () => {
    expect(finds('"red apples"', "a red apple")).toBe(true);
    expect(finds('"red apples"', "apples, red ones")).toBe(false);
    expect(finds('"red apples"', "red", "apples")).toBe(false);
    expect(finds('"to be or not to be"', "To be, or not to be?")).toBe(true);
    expect(finds('"user by"', "getUserById")).toBe(true);
    expect(finds('"2023-05-07"', "on 2023-05-08")).toBe(false);
    expect(finds('"2023-05-07"', "2023-05-07T10:00:00Z")).toBe(true);
    expect(finds('"東京都"', "東京と京都")).toBe(false);
    expect(finds('"東京都"', "私は東京都に")).toBe(true);
  });

  it("[Q5] finds by a prefix what begins so, also where the stem is shorter", () => {
    for (const [query, text] of [
      ["universit*", "two universities"],
      ["runnin*", "running"],
      ["happin*", "happiness"],
      ["childr*", "children"],
      ["getUs*", "getUserById"],
      ["ERR_DL*", "ERR_DLOPEN_FAILED"],
      ["user@exam*", "user@example.com"],
      ["東京*", "東京都"],
    ] as const)
      expect(finds(query, text), query).toBe(true);
    expect(parseTextQuery("2*3 * a**").prefixes).toEqual([]);
  });

  it("[Q5] leaves common words out where there are others", () => {
    expect(parseTextQuery("What does the dog want?").terms).toEqual(["dog", "want"]);
    expect(parseTextQuery("to be or not to be").terms).toEqual(["to", "be", "or", "not"]);
    expect(parseTextQuery('"what is" the dog').terms).toEqual(["what", "be", "dog"]);
    expect(parseTextQuery("in May").terms).toEqual(["may"]);
  });

  it("[Q3, Q5] has no syntax to get wrong", () => {
    for (const query of [
      "NEAR(a b)",
      "col:x AND -y",
      '"',
      '""',
      '"*"',
      "'; DROP TABLE",
      "a OR",
      "^x {b}",
      "\0",
      "\ud800",
    ])
      expect(() => parseTextQuery(query), query).not.toThrow();
    expect(parseTextQuery('say "hello').phrases).toEqual([]);
    expect(parseTextQuery("NEAR(dog cat)").terms).toEqual(["near", "dog", "cat"]);
    expect(parseTextQuery(' "" * ?! ')).toEqual({ terms: [], prefixes: [], phrases: [], names: [] });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
        const { terms, prefixes, phrases } = parseTextQuery(query);
        expect(phrases.flat().filter((term) => !terms.includes(term))).toEqual([]);
        expect(terms.length + prefixes.length).toBeLessThanOrEqual(limits.queryTerms);
      }),
      { numRuns: 300 },
    );
  });

  it("[Q5] of 100 kB counts by a limited number of terms, and a longer one is refused by name", () => {
    const long = Array.from({ length: 12_000 }, (_, number) => `w${number}x`).join(" ");
    expect(parseTextQuery(long).terms).toEqual(
      Array.from({ length: limits.queryTerms }, (_, number) => `w${number}x`),
    );
    for (const part of ["a", "a*", "**", "a_", '"a', " *", "(a", "7 ", "may ", "é", "東", "\u0301"]) {
      const text = part.repeat(100_000 / Buffer.byteLength(part));
      expect(parseTextQuery(text).terms.length).toBeLessThanOrEqual(limits.queryTerms);
    }
    const quotes = parseTextQuery('"a b" '.repeat(20_000));
    expect(quotes.phrases).toEqual([["a", "b"]]);
    const stars = parseTextQuery(`${long.replaceAll(" ", "* ").slice(0, 100_000)} "last phrase"`);
    expect(stars.phrases).toEqual([["last", "phrase"]]);
    expect(() => parseTextQuery("é".repeat(limits.queryBytes / 2 + 1))).toThrow(
      expect.objectContaining({ code: "too_large" }),
    );
  });
});
