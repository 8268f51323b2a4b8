import { describe, expect, it } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { inverseDocumentFrequency, termWeight } from "../../src/search/text/bm25.ts";
import { documentTerms } from "../../src/search/text/document-terms.ts";
import { parseTextQuery } from "../../src/search/text/parse-text-query.ts";
import { createRandom } from "../../src/testing/random.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const Note = defineComponent({ name: "Note", searchText: ["content.text"] });
const documents = 4_000;
const words = 3_000;

describe.runIf(hasServer)(`keyword search on a server${skipped}`, () => {
  it("[Q5] gives the texts that BM25 puts first, with its scores, however common the words", async () => {
    const random = createRandom(20261125);
    /** Words as language has them: the nth is the nth most common. */
    const word = (): string => `word${Math.floor(words ** random()).toString(36)}x`;
    const textOf = (): string => Array.from({ length: 5 + Math.floor(random() * 60) }, word).join(" ");
    const schema = await newSchema();
    const engine = postgres({ url: urlOf("app"), schema });
    await using base = await openContextbase({ engine, components: [Note] });
    const all = Array.from({ length: documents }, (_, n) => ({ id: `n${n}`, text: textOf() }));
    await base
      .store(Note)
      .storeContexts(all.map(({ id, text }) => ({ id, type: "note", content: { text } })));

    const terms = all.map(({ text }) => documentTerms([{ text }]));
    const average = terms.reduce((sum, { length }) => sum + length, 0) / documents;
    const containing = new Map<string, number>();
    for (const { positions } of terms)
      for (const term of positions.keys()) containing.set(term, (containing.get(term) ?? 0) + 1);
    for (let turn = 0; turn < 60; turn++) {
      const text = parseTextQuery(Array.from({ length: 1 + (turn % 8) }, word).join(" "));
      const scores = terms
        .map(({ length, positions }, n) => ({
          id: `n${n}`,
          score: text.terms.reduce((sum, term) => {
            const frequency = positions.get(term)?.length ?? 0;
            if (frequency === 0) return sum;
            const known = inverseDocumentFrequency(documents, containing.get(term) ?? 0);
            return sum + known * termWeight(frequency, length, average);
          }, 0),
        }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, 10);
      const { byText } = await engine.search({
        tenant: "default",
        component: "Note",
        text,
        vector: undefined,
        where: undefined,
        limit: 10,
        signal: undefined,
      });
      const asked = `seed 20261125, turn ${turn}: ${text.terms.join(" ")}`;
      expect(byText.length, asked).toBe(scores.length);
      for (const [rank, { score }] of scores.entries())
        expect(byText[rank]?.score, asked).toBeCloseTo(score, 9);
    }
  });

  it("[Q5] counts a term as often as it stands in a text, up to 256 times", async () => {
    const owner = await connectAs("owner");
    // What the server's ranking tells of one term is what its number is read from.
    const { rows } = await owner.query<{ n: number; told: number }>(
      `SELECT n, round(1 / (1.64493406685 * (1 - ts_rank('{1,1,1,1}',
           ('x:' || (SELECT string_agg(p::text, ',') FROM generate_series(1, n) p))::tsvector, 'x'))) - 0.5)::int AS told
         FROM generate_series(1, 255) n`,
    );
    expect(rows.filter(({ n, told }) => n !== told)).toEqual([]);
  });
});
