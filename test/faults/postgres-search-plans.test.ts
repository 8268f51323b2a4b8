import { escapeIdentifier } from "pg";
import { describe, expect, it } from "vitest";
import { postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { type Component, defineComponent, openContextbase, type Where } from "../../src/index.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const dimensions = 8;
const Point = defineComponent({
  name: "Point",
  searchText: [],
  indexes: ["metadata.group", "metadata.rare"],
  embeddings: { dimensions },
});
const Other = defineComponent({ name: "Other", embeddings: { dimensions: 4 } });

const numberAt = (seed: number): number =>
  Math.sin(seed * 12.9898) * 43758.5453 - Math.trunc(Math.sin(seed * 12.9898) * 43758.5453);
const vectorOf = (n: number): number[] =>
  Array.from({ length: dimensions }, (_, at) => numberAt(n * 31 + at));

const contexts = 6_000;

describe.runIf(hasServer)(`vectors through pgvector's index${skipped}`, () => {
  it("[Q3, Q6] update makes an index for each component, again for a new one; a search takes it, or compares one by one, and always gives as many as were asked for", async () => {
    const schema = await newSchema();
    const owner = await connectAs("owner");
    const open = async (components: readonly Component[] = [Point]) =>
      openContextbase({ engine: postgres({ url: urlOf("app"), schema, vectorMemoryBytes: 0 }), components });
    {
      await using base = await open();
      const points = base.store(Point);
      const all = Array.from({ length: contexts }, (_, n) => ({
        id: `p${n}`,
        type: "point",
        content: {},
        metadata: { group: n % 2, rare: n % 250 },
        embeddings: vectorOf(n),
      }));
      for (let at = 0; at < contexts; at += 1_000) await points.storeContexts(all.slice(at, at + 1_000));
      const { plan } = await points.searchContexts({ embeddings: vectorOf(1), explain: true });
      expect(plan?.find(({ part }) => part === "vector")?.way).toBe("exact");
    }
    const made = async (): Promise<string[]> =>
      (await updateLayout({ url: urlOf("owner"), schema })).plan.more.map(String);
    expect(await made()).toEqual([`an index of the vectors of Point (${dimensions})`]);
    expect(await made()).toEqual([]);

    await using base = await open();
    const points = base.store(Point);
    const cosine = (a: readonly number[], b: readonly number[]): number => {
      const dot = (x: readonly number[], y: readonly number[]) =>
        x.reduce((sum, v, at) => sum + v * (y[at] ?? 0), 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const nearest = (query: readonly number[], fits: (n: number) => boolean): string[] =>
      Array.from({ length: contexts }, (_, n) => n)
        .filter(fits)
        .map((n) => ({ id: `p${n}`, similarity: cosine(query, vectorOf(n)) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 10)
        .map(({ id }) => id);
    const ways: [where: Where | undefined, fits: (n: number) => boolean, way: string][] = [
      [undefined, () => true, "HNSW"],
      [{ "metadata.group": 1 }, (n) => n % 2 === 1, "HNSW"],
      [{ "metadata.rare": 7 }, (n) => n % 250 === 7, "exact"],
    ];
    for (const [where, fits, way] of ways) {
      let right = 0;
      for (let n = 0; n < 20; n++) {
        const embeddings = vectorOf(n + 0.5);
        const hits = await points.searchContexts({ embeddings, where, explain: true });
        expect(hits.plan?.find(({ part }) => part === "vector")?.way, JSON.stringify(where)).toBe(way);
        expect(hits).toHaveLength(10);
        const best = nearest(embeddings, fits);
        right += hits.filter(({ context }) => best.includes(context.id)).length;
      }
      expect(right / 200, JSON.stringify(where)).toBeGreaterThanOrEqual(0.95);
    }

    // A component that came later gets its own.
    await (await open([Other])).close();
    const { rows } = await owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relname LIKE 'vectors_near%'`,
      [escapeIdentifier(schema)],
    );
    expect(rows).toHaveLength(1);
    expect(await made()).toEqual(["an index of the vectors of Other (4)"]);
  });
});
