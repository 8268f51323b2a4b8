import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../../scripts/campaigns/random.ts";
import { documentTerms } from "../../../src/search/text/document-terms.ts";
import { createNumberedTerms } from "../../../src/search/text/numbered-terms.ts";

const pieces = [
  ..."the river ran running Rivers may May 3rd 2024 2024-05-06 May 7, 2023 on Monday".split(" "),
  ..."getUserById ERR_DLOPEN_FAILED v1.2.3 e-mail C++ C# foo. bar, baz's l'avion user@host.org 1,000 x=y".split(
    " ",
  ),
  ..."Straße naïve 東京都 คำ 한국어 emoji🎉 Ω İstanbul ½ a.b.c --flag /usr/local/bin? yes! no?".split(" "),
  ...["", "?", "…", "\n", "June", "12th of March 2021", "12/05/2020", "what?"],
];

const randomText = (random: Random): string =>
  Array.from({ length: random.below(random.pick([3, 6, 60])) }, () =>
    random.below(5) === 0 ? `word${random.below(400)}` : random.pick(pieces),
  ).join(random.pick([" ", " ", ", ", "."]));

describe("terms by number", () => {
  it("[Q5] are those of the analysis, at their positions, whatever the texts", () => {
    const numbered = createNumberedTerms();
    const seed = Number(process.env.SEED ?? 7);
    const random = createRandom(seed);
    for (let round = 0; round < 3_000; round++) {
      const texts = Array.from({ length: 1 + random.below(3) }, () => ({ text: randomText(random) }));
      const expected = documentTerms(texts);
      const { numbers, positions, count, length } = numbered.read(texts);
      const found = new Map<string, number[]>();
      for (let at = 0; at < count; at++) {
        const term = numbered.terms[numbers[at] ?? -1] ?? "";
        found.set(term, [...(found.get(term) ?? []), positions[at] ?? -1]);
      }
      expect({ length, positions: found }, `seed ${seed}: ${JSON.stringify(texts)}`).toEqual(expected);
    }
  });
});
