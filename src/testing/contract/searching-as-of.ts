import { expect, it } from "vitest";
import { defineComponent, type Hits, type SearchOptions } from "../../index.ts";
import { type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { hashEmbeddings } from "../hash-embeddings.ts";
import { manualClock } from "../manual-clock.ts";

const Turn = defineComponent({
  name: "Turn",
  searchText: ["content.speaker", "content.text"],
  indexes: ["metadata.kind"],
  thread: "metadata.conversation",
  order: "metadata.turn",
});
const Passage = defineComponent({
  name: "Passage",
  searchText: ["content.text"],
  embeddings: hashEmbeddings(16),
});

const words = [
  "refund",
  "customer",
  "invoice",
  "birds",
  "parrots",
  "running",
  "Berlin",
  "late",
  "order",
  "the",
];
const textOf = (number: number): string => {
  const chosen = Array.from(
    { length: 3 + (number % 5) },
    (_, at) => words[(number * 7 + at * at * 3) % words.length],
  );
  return `${chosen.join(" ")}${number % 4 === 0 ? "?" : "."} On 3 May 2025 ${number % 3 === 0 ? "late order" : "none"} n${number}`;
};
const turn = (number: number, text = textOf(number)) => ({
  id: `t${number}`,
  type: "turn",
  content: { speaker: number % 2 === 0 ? "Ada" : "Grace", text },
  metadata: { conversation: `c${Math.floor(number / 8)}`, turn: number % 8, kind: number % 3 },
});

const round = (value: number): number => Number(value.toPrecision(9));

const told = (hits: Hits<typeof Turn> | Hits<typeof Passage>) =>
  hits.map(({ context, score, why, snippet, before, after }) => ({
    ...{ id: context.id, version: context.version, content: context.content, score: round(score), snippet },
    text: why.text && {
      ...why.text,
      score: round(why.text.score),
      terms: why.text.terms.toSorted(),
    },
    vector: why.vector && { ...why.vector, similarity: round(why.vector.similarity) },
    around: [before, after].map((some) => some?.map(({ id, version }) => `${id}.${version}`)),
  }));

/** Searches as of a time that is past. */
export const searchingAsOf = (engine: EngineUnderTest): void => {
  it("[V7, Q3, Q5, Q7] a search by text as of a time gives what it gave then, whatever was written since", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Turn], { clock })).store(Turn);
    await store.storeContexts(Array.from({ length: 40 }, (_, number) => turn(number)));
    clock.advance(1_000);
    await store.storeContexts([3, 9, 17].map((number) => turn(number, `refund ${textOf(number + 50)}`)));
    await store.deleteContext("t5");
    clock.advance(1_000);
    const asOf = new Date(clock() - 1);
    const searches: SearchOptions[] = [
      { text: "refund" },
      { text: "what did Ada say about the late order?", limit: 30 },
      { text: '"late order" customer' },
      { text: "custom* invo*", where: { "metadata.kind": 1 } },
      { text: "May 3, 2025", where: { "content.speaker": "Grace" }, limit: 4 },
      { text: "parrots", widen: 2, type: "turn" },
      { text: "birds", boost: [{ where: { "metadata.kind": 2 }, factor: 3 }] },
      { text: "xyzzy" },
    ];
    const now = [];
    for (const search of searches) now.push(told(await store.searchContexts(search)));
    const then = [];
    for (const search of searches) then.push(told(await store.searchContexts({ ...search, asOf })));
    expect(then).toEqual(now);
    await store.storeContexts([1, 3, 12, 60, 61].map((number) => turn(number, "parrots refund refund")));
    for (const id of ["t9", "t2", "t30"]) await store.deleteContext(id);
    clock.advance(1_000);
    const later = [];
    for (const search of searches) later.push(told(await store.searchContexts({ ...search, asOf })));
    expect(later).toEqual(now);
    const first = await store.searchContexts({ text: "refund", asOf: new Date(clock() - 2_001), limit: 50 });
    expect(first.every(({ context }) => context.version === 1 && context.id !== "t60")).toBe(true);
    expect(await store.searchContexts({ text: "refund", asOf: new Date(0) })).toEqual([]);
  });

  itWith(engine, "vectors")(
    "[V7, Q3, Q6] a search by vector, and by both, as of a time gives what it gave then",
    async () => {
      const clock = manualClock();
      const store = (await openNew(engine, [Passage], { clock })).store(Passage);
      const passage = (number: number, text = textOf(number)) => ({
        id: `p${number}`,
        type: "p",
        content: { text },
      });
      await store.storeContexts(Array.from({ length: 40 }, (_, number) => passage(number)));
      clock.advance(1_000);
      const asOf = new Date(clock() - 1);
      const searches: SearchOptions[] = [
        { embeddings: [1, 0, -1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 1], limit: 7 },
        { text: "customers who run late", limit: 12 },
        { text: "parrots in Berlin", where: { id: { $gt: "p2" } } },
      ];
      // Ranks of what is current may rest on estimates, where both are merged; which they are does not.
      const tell = (hits: Hits<typeof Passage>) =>
        told(hits)
          .map(({ score, vector, ...rest }) => ({ ...rest, similarity: vector?.similarity }))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
      const now = [];
      for (const search of searches) now.push(tell(await store.searchContexts(search)));
      await store.storeContexts([1, 3, 12, 60].map((number) => passage(number, "parrots in Berlin")));
      await store.deleteContext("p8");
      clock.advance(1_000);
      const then = [];
      for (const search of searches) then.push(tell(await store.searchContexts({ ...search, asOf })));
      expect(then).toEqual(now);
    },
  );
};
