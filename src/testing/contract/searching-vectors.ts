import { expect } from "vitest";
import { defineComponent } from "../../index.ts";
import { type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { createRandom } from "../random.ts";

const Place = defineComponent({
  name: "Place",
  searchText: ["content.text"],
  indexes: ["metadata.kind"],
  embeddings: { dimensions: 4 },
});

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

/** Searches by vector, and by both. */
export const searchingVectors = (engine: EngineUnderTest): void => {
  const itFinds = itWith(engine, "vectors");

  itFinds(
    "[Q6] the nearest are found, exactly, under a filter and without, and their similarity is told",
    async () => {
      const store = (await openNew(engine, [Place])).store(Place);
      const random = createRandom(4);
      const vector = (): number[] => Array.from({ length: 4 }, () => random() * 2 - 1);
      const places = Array.from({ length: 300 }, (_, number) => ({
        id: `${number}`,
        type: "place",
        content: { text: `place ${number}` },
        metadata: { kind: number % 10 },
        embeddings: number % 7 === 6 ? [] : vector(),
      }));
      await store.storeContexts(places);
      for (const kind of [undefined, 3]) {
        const asked = vector();
        const expected = places
          .filter(
            ({ metadata, embeddings }) =>
              embeddings.length > 0 && (kind === undefined || metadata.kind === kind),
          )
          .map(({ id, embeddings }) => ({ id, similarity: cosine(asked, embeddings) }))
          .sort((a, b) => b.similarity - a.similarity)
          .slice(0, 12);
        const where = kind === undefined ? undefined : { "metadata.kind": kind };
        const hits = await store.searchContexts({ embeddings: asked, limit: 12, where });
        expect(hits.map(({ context }) => context.id)).toEqual(expected.map(({ id }) => id));
        for (const [index, { why }] of hits.entries()) {
          expect(why.vector?.similarity).toBeCloseTo(expected[index]?.similarity ?? 0, 5);
          expect(why.vector?.rank).toBe(index + 1);
          expect(why.text).toBeUndefined();
        }
      }
    },
  );

  itFinds(
    "[Q3, Q6] by both, what one way alone finds keeps its place, and each hit says what found it",
    async () => {
      const store = (await openNew(engine, [Place])).store(Place);
      await store.storeContexts([
        { id: "both", type: "p", content: { text: "harbour" }, embeddings: [1, 0, 0, 0] },
        { id: "text", type: "p", content: { text: "harbour harbour" } },
        { id: "near", type: "p", content: { text: "quay" }, embeddings: [0.9, 0.1, 0, 0] },
        { id: "far", type: "p", content: { text: "desert" }, embeddings: [-1, 0, 0, 0] },
      ]);
      const hits = await store.searchContexts({ text: "harbour", embeddings: [1, 0, 0, 0] });
      expect(hits[0]?.context.id).toBe("both");
      expect(hits.map(({ context }) => context.id).sort()).toEqual(["both", "far", "near", "text"]);
      const why = new Map(hits.map(({ context, why }) => [context.id, Object.keys(why).sort()]));
      expect(why.get("both")).toEqual(["text", "vector"]);
      expect(why.get("text")).toEqual(["text"]);
      expect(why.get("near")).toEqual(["vector"]);
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
    },
  );

  itFinds("[Q4, Q6] a vector that was replaced, removed or deleted is not found any more", async () => {
    const store = (await openNew(engine, [Place])).store(Place);
    const put = (embeddings: number[]) =>
      store.storeContext({ id: "x", type: "p", content: { text: "x" }, embeddings });
    const find = async () =>
      (await store.searchContexts({ embeddings: [1, 0, 0, 0] })).map(({ why }) => why.vector);
    await put([1, 0, 0, 0]);
    expect((await find())[0]?.similarity).toBeCloseTo(1, 5);
    await put([0, 1, 0, 0]);
    expect((await find())[0]?.similarity).toBeCloseTo(0, 5);
    await put([]);
    expect(await find()).toEqual([]);
    await put([1, 0, 0, 0]);
    expect(await find()).toHaveLength(1);
    await store.deleteContext("x");
    expect(await find()).toEqual([]);
  });

  itFinds("[Q6] a vector that is none is refused by name", async () => {
    const store = (await openNew(engine, [Place])).store(Place);
    for (const embeddings of [[1], [1, 2, 3, Number.NaN], [0, 0, 0, 0], "x", [1, 2, 3, 4, 5]]) {
      const options = { embeddings } as object;
      await expect(store.searchContexts(options)).rejects.toMatchObject({ code: "invalid_argument" });
    }
    expect(await store.searchContexts({ embeddings: [1, 2, 3, 4] })).toEqual([]);
  });
};
