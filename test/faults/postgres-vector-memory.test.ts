import { setTimeout as sleep } from "node:timers/promises";
import { escapeIdentifier } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { type PostgresOptions, postgres } from "../../src/engine/postgres/index.ts";
import { type Contextbase, defineComponent, openContextbase, type Where } from "../../src/index.ts";
import { parseFilter } from "../../src/search/filter/parse-filter.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const Point = defineComponent({
  name: "Point",
  searchText: [],
  indexes: ["metadata.kind"],
  embeddings: { dimensions: 4 },
});

const inMemory = "vectors in memory, confirmed in one trip";
const key = { tenant: "default", component: "Point" };

const points = (count: number, kind = 0) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: `p${String(n).padStart(4, "0")}`, type: "point", content: { n }, metadata: { kind } },
    embeddings: [1, n / count, 0, 0],
  }));

const open = async (schema: string, options: Partial<PostgresOptions> = {}): Promise<Contextbase> => {
  const engine = postgres({ url: urlOf("app"), schema, ...options });
  const base = await openContextbase({ engine, components: [Point] });
  onTestFinished(() => base.close());
  return base;
};

/** Ids of the three nearest, and how vectors were searched. */
const search = async (base: Contextbase, where?: Where) => {
  const options = { embeddings: [1, 0, 0, 0], limit: 3, where, explain: true };
  const hits = await base.store(Point).searchContexts(options);
  return {
    ids: hits.map(({ context }) => context.id),
    way: hits.plan?.find(({ part }) => part === "vector")?.way,
    plan: hits.plan,
  };
};

/** Searches until that is done in memory; undefined where it never is. */
const searchUntilInMemory = async (base: Contextbase, tries = 1_000) => {
  for (let tried = 0; tried < tries; tried++) {
    const found = await search(base);
    if (found.way === inMemory) return found;
    await sleep(5);
  }
  return undefined;
};

const nearest = ["p0000", "p0001", "p0002"];

describe.runIf(hasServer)(`vectors of PostgreSQL in memory${skipped}`, () => {
  it("[Q6] what is searched again and again is searched in memory, filters of declared paths too, and explain tells of it", async () => {
    const base = await open(await newSchema());
    await base.store(Point).storeContexts(points(100));
    expect((await search(base)).way).toBe("exact");
    expect((await searchUntilInMemory(base))?.ids).toEqual(nearest);
    expect((await search(base, { "metadata.kind": 0 })).plan).toEqual([
      { part: "filter", way: "columns in memory", path: "metadata.kind", contexts: 100 },
      { part: "vector", way: inMemory, contexts: 100 },
    ]);
    expect(await search(base, { "content.n": { $gte: 5 } })).toMatchObject({
      ids: ["p0005", "p0006", "p0007"],
      way: "exact",
    });
  });

  it("[Q6, G4] no memory is taken where none is given, or where the vectors need more", async () => {
    const schema = await newSchema();
    await (await open(schema)).store(Point).storeContexts(points(300));
    for (const vectorMemoryBytes of [0, 300 * 4 * 5 - 1]) {
      const base = await open(schema, { vectorMemoryBytes });
      expect(await searchUntilInMemory(base, 20)).toBeUndefined();
      expect((await search(base)).ids).toEqual(nearest);
    }
  });

  it("[E3, Q4] what is rewritten in place, which no change tells of, is found by what stands now", async () => {
    const schema = await newSchema();
    const base = await open(schema);
    await base.store(Point).storeContexts(points(20));
    const [reader, writer] = [1, 2].map(() => postgres({ url: urlOf("app"), schema }));
    if (!reader || !writer) throw new Error("there are two");
    for (const engine of [reader, writer]) {
      onTestFinished(() => engine.close());
      await engine.open([{ name: "Point", schemaVersion: 1, description: JSON.stringify(Point.describe()) }]);
    }
    const find = async (kind: number) => {
      const where = parseFilter({ "metadata.kind": kind });
      const vector = new Float32Array([1, 0, 0, 0]);
      const asked = { ...key, text: undefined, vector, where, limit: 30, brings: true, signal: undefined };
      const { byVector, plan } = await reader.search(asked);
      return { contents: byVector.map(({ context }) => context?.content), way: plan.at(-1)?.way };
    };
    const findInMemory = async (kind: number) => {
      for (let tried = 0; (await find(kind)).way !== inMemory; tried++) {
        if (tried === 1_000) throw new Error("it is never searched in memory");
        await sleep(5);
      }
      return (await find(kind)).contents;
    };
    expect(await findInMemory(0)).toHaveLength(20);
    const rewritten = { type: "point", schemaVersion: 2, content: '{"n":"new"}', metadata: '{"kind":7}' };
    const [original] = await writer.read(key, ["p0003"]);
    if (!original) throw new Error("it stands");
    const rewrite = { id: "p0003", place: 4, version: 1, from: 1, ...rewritten, original };
    expect(await writer.rewrite(key, [rewrite])).toBe(1);
    expect((await find(7)).contents).toEqual(['{"n":"new"}']);
    expect(await findInMemory(7)).toEqual(['{"n":"new"}']);
    expect(await findInMemory(0)).toHaveLength(19);
    await writer.rollBack(key, 10);
    expect((await find(7)).contents).toEqual([]);
    expect(await findInMemory(0)).toHaveLength(20);
  });

  it("[Q4] a store whose log is another one, as after a failover that lost writes, is read anew", async () => {
    const schema = await newSchema();
    const base = await open(schema);
    await base.store(Point).storeContexts(points(20));
    await searchUntilInMemory(base);
    const owner = await connectAs("superuser");
    const table = (name: string): string => `${escapeIdentifier(schema)}.${name}`;
    await owner.query(`UPDATE ${table("changes")} SET write = 'other' WHERE position = 20`);
    await owner.query(`UPDATE ${table("contexts")} SET deleted = true, version = 2 WHERE id = 'p0000'`);
    await owner.query(`DELETE FROM ${table("vectors")} WHERE id = 'p0000'`);
    const ids = ["p0001", "p0002", "p0003"];
    expect(await search(base)).toMatchObject({ ids, way: "exact" });
    expect((await searchUntilInMemory(base))?.ids).toEqual(ids);
  });

  it("[Q3] where contexts cannot be read into memory, the server goes on searching", async () => {
    const schema = await newSchema();
    const base = await open(schema);
    await base.store(Point).storeContexts(points(20));
    const owner = await connectAs("superuser");
    await owner.query(
      `UPDATE ${escapeIdentifier(schema)}.contexts SET metadata = '{broken' WHERE id = 'p0019'`,
    );
    expect(await searchUntilInMemory(base, 20)).toBeUndefined();
    expect((await search(base)).ids).toEqual(nearest);
  });

  it("[Q4, Q6] what was replaced over and over leaves nothing behind, and what is in memory is made anew meanwhile", async () => {
    const base = await open(await newSchema());
    const store = base.store(Point);
    await store.storeContexts(points(50));
    await searchUntilInMemory(base);
    for (let round = 0; round < 26; round++) {
      await store.storeContexts(points(50, round));
      const found = await search(base, { "metadata.kind": round });
      expect(found).toMatchObject({ ids: nearest, way: inMemory });
      expect(found.plan?.at(-1)?.contexts).toBe(50);
    }
  });

  it("[Q6] a store is closed while its vectors are read into memory", async () => {
    const schema = await newSchema();
    await (await open(schema)).store(Point).storeContexts(points(900));
    const base = await open(schema);
    for (let n = 0; n < 3; n++) await search(base);
    await base.close();
    await expect(search(base)).rejects.toMatchObject({ code: "closed" });
  });
});
