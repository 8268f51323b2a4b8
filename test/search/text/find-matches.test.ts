import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/search/text/analyze.ts";
import { createMatchFinder, type Match, type MatchFinder } from "../../../src/search/text/find-matches.ts";
import { irregularForms } from "../../../src/search/text/irregular-forms.ts";
import { parseTextQuery } from "../../../src/search/text/parse-text-query.ts";
import { termOf } from "../../../src/search/text/term-of.ts";
import { createUnitReader } from "../../../src/search/text/text-units.ts";

const readUnits = createUnitReader();

const irregular = [...irregularForms.keys()];
const stems = [
  "run",
  "dy",
  "sky",
  "tie",
  "use",
  "a",
  "o",
  "i",
  "fly",
  "relat",
  "univers",
  "organ",
  "gener",
  "ea",
];
const endings = [
  "",
  "s",
  "ies",
  "ied",
  "ed",
  "ing",
  "ingly",
  "ly",
  "ational",
  "ization",
  "ability",
  "ably",
  "ency",
  "ivity",
  "ness",
  "e",
  "y",
  "'s",
];

const words = fc.oneof(
  fc.tuple(fc.constantFrom(...stems), fc.constantFrom(...endings)).map(([stem, ending]) => stem + ending),
  fc.constantFrom(...irregular),
  fc.constantFrom(
    "Running",
    "RUN",
    "getUserRuns",
    "run2",
    "v1.2",
    "Größe",
    "May",
    "x",
    "I",
    "l'avion",
    "e-mail",
  ),
);
const queries = fc
  .array(fc.tuple(words, fc.constantFrom("", "", "*")), { minLength: 1, maxLength: 4 })
  .map((all) => all.map(([word, prefix]) => word + prefix).join(" "));

const matchesIn = (finder: MatchFinder, text: string): Match[] => {
  const matches: Match[] = [];
  finder.find(readUnits(text), 0, text.length, (match) => matches.push(match));
  return matches;
};

/** Dates that are spelled are looked for in a whole text: `matchesDate`. */
const isDate = (term: string): boolean => /^(?:\d{4}|-)-\d\d/.test(term);

describe("what matches a query in a text", () => {
  it("[Q10] is what the terms of all its words are compared to find", () => {
    const property = fc.property(queries, fc.array(words, { maxLength: 30 }), (asked, found) => {
      const finder = createMatchFinder(parseTextQuery(asked));
      const text = found.join(" ");
      const all = analyze(text).filter(({ term }) => finder.matches(term) && !isDate(term));
      expect(matchesIn(finder, text)).toEqual(all.map(({ term, start, end }) => ({ term, start, end })));
    });
    fc.assert(property, { numRuns: 2_000, examples: [["v1.2 May run", ["v1.2", "May"]]] });
  });

  it("[Q10] is found for every irregular form, by the word that it is of", () => {
    for (const form of irregular) {
      const finder = createMatchFinder(parseTextQuery(irregularForms.get(form) ?? form));
      expect(matchesIn(finder, `so ${form} there`)).toEqual([
        { term: termOf(form), start: 3, end: 3 + form.length },
      ]);
    }
  });
});
