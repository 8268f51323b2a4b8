import { expect } from "vitest";
import { type ContextStore, defineComponent } from "../../index.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";
import { createRandom } from "../random.ts";

const Spot = defineComponent({
  name: "Spot",
  searchText: [],
  indexes: ["metadata.kind"],
  embeddings: { dimensions: 4 },
});
type Store = ContextStore<typeof Spot>;

const minute = 60_000;

/** What a spot is, as it was written. */
type Written = { readonly kind: number; readonly embeddings: readonly number[]; readonly version: number };

const cosine = (a: readonly number[], b: readonly number[]): number => {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

const put = (store: Store, id: string, kind: number, embeddings: readonly number[]) =>
  store.storeContext({ id, type: "spot", content: { id }, metadata: { kind }, embeddings: [...embeddings] });

/** Searches often enough for an engine to keep at hand what it searches. */
const searchOften = async (store: Store): Promise<void> => {
  for (let search = 0; search < 12; search++)
    await store.searchContexts({ embeddings: [1, 1, 1, 1], limit: 3 });
};

const find = async (store: Store, embeddings: readonly number[], kind?: number, limit = 5) => {
  const hits = await store.searchContexts({
    embeddings: [...embeddings],
    limit,
    ...(kind !== undefined && { where: { "metadata.kind": kind } }),
  });
  return hits.map(({ context }) => ({ id: context.id, version: context.version }));
};

/** Components that are searched by vector again and again, while they change. */
export const searchingAgain = (engine: EngineUnderTest): void => {
  const itFinds = itWith(engine, "vectors");
  const itShares = engine.capabilities.vectors === true ? itWith(engine, "severalStores") : itFinds;

  itShares("[Q4, Q6, S4] a search sees what another store wrote since the one before it", async () => {
    const data = await createNew(engine);
    const [one, other] = [await data.open({ components: [Spot] }), await data.open({ components: [Spot] })];
    const [reads, writes] = [one.store(Spot), other.store(Spot)];
    await writes.storeContexts(
      Array.from({ length: 40 }, (_, n) => ({
        ...{ id: `s${n}`, type: "spot", content: {}, metadata: { kind: n % 2 } },
        embeddings: [1, n / 40, 0, 0],
      })),
    );
    await searchOften(reads);
    const ids = async (kind?: number) => (await find(reads, [1, 0, 0, 0], kind, 2)).map(({ id }) => id);
    expect(await ids()).toEqual(["s0", "s1"]);
    await put(writes, "new", 0, [1, 0.001, 0, 0]);
    expect(await ids()).toEqual(["s0", "new"]);
    await writes.deleteContext("s0");
    expect(await ids()).toEqual(["new", "s1"]);
    await put(writes, "s1", 1, [0, 0, 0, 1]);
    expect(await ids()).toEqual(["new", "s2"]);
    await put(writes, "s2", 1, [1, 2 / 40, 0, 0]);
    expect(await ids(0)).toEqual(["new", "s4"]);
    expect(await ids(1)).toEqual(["s2", "s3"]);
    await writes.deleteContext("new");
    await put(writes, "new", 1, [1, 0, 0, 0]);
    expect(await find(reads, [1, 0, 0, 0], 1, 1)).toEqual([{ id: "new", version: 3 }]);
  });

  itFinds("[S3, Q6] changing what a search gave changes nothing that is searched", async () => {
    const data = await createNew(engine);
    const store = (await data.open({ components: [Spot] })).store(Spot);
    for (let n = 0; n < 8; n++) await put(store, `s${n}`, n % 2, [1, n, 0, 0]);
    await searchOften(store);
    for (let search = 0; search < 5; search++) {
      const hits = await store.searchContexts({ embeddings: [1, 3, 0, 0], limit: 3 });
      const found = hits.map(({ context, why }) => [context.id, context.content, why.vector?.similarity]);
      expect(found[0]).toEqual(["s3", { id: "s3" }, expect.closeTo(1, 6)]);
      expect(found.map(([id]) => id).sort()).toEqual(["s3", "s4", "s5"]);
      for (const { context } of hits) {
        context.embeddings.fill(-1);
        Object.assign(context.content, { id: "changed" });
        Object.assign(context.metadata, { kind: 7 });
      }
    }
  });

  itFinds("[Q3, Q4] after hundreds of changes at once a search has all of them", async () => {
    const data = await createNew(engine);
    const store = (await data.open({ components: [Spot] })).store(Spot);
    const spots = Array.from({ length: 500 }, (_, n) => ({
      ...{ id: `s${n}`, type: "spot", content: {}, metadata: { kind: n % 5 } },
      embeddings: [1, n / 500, 0, 0],
    }));
    await store.storeContexts(spots);
    await searchOften(store);
    for (let round = 1; round < 6; round++) {
      const embeddings = [1, 0, 0, 0].with(round % 4, round + 1);
      await store.storeContexts(spots.map((spot) => ({ ...spot, content: { round }, embeddings })));
      await store.deleteContext(`s${round}`);
      for (let search = 0; search < 4; search++) {
        const hits = await store.searchContexts({ embeddings: [1, 0, 0, 0], limit: 500 });
        expect(hits).toHaveLength(499);
        expect(hits.every(({ context }) => context.content.round === round)).toBe(true);
      }
    }
  });

  itFinds("[V12, Q4] what expires while a component is searched is no hit from then on", async () => {
    const data = await createNew(engine);
    const clock = manualClock();
    const store = (await data.open({ components: [Spot], clock })).store(Spot);
    for (let n = 0; n < 12; n++) {
      const expires = n < 4 && { expiresAt: new Date(clock() + (n + 1) * minute) };
      await store.storeContext({
        ...{ id: `s${n}`, type: "spot", content: {}, metadata: { kind: 0 }, embeddings: [1, n / 12, 0, 0] },
        ...expires,
      });
    }
    await searchOften(store);
    for (let gone = 0; gone <= 4; gone++) {
      const found = await find(store, [1, 0, 0, 0], 0, 3);
      expect(found.map(({ id }) => id)).toEqual([`s${gone}`, `s${gone + 1}`, `s${gone + 2}`]);
      clock.advance(minute);
    }
  });

  itShares("[Q3, Q4, Q6, S5] whatever is written by whom, hits are those of an oracle", async () => {
    const data = await createNew(engine);
    const random = createRandom(31);
    const pick = (below: number): number => Math.floor(random() * below);
    const bases = [await data.open({ components: [Spot] }), await data.open({ components: [Spot] })];
    const tenants = ["a", "b"];
    const written = new Map(tenants.map((tenant) => [tenant, new Map<string, Written>()]));
    const versions = new Map<string, number>();
    const storeOf = (tenant: string): Store => {
      const base = bases[pick(2)];
      if (!base) throw new Error("there are two");
      return base.as({ id: "writer", tenant }).store(Spot);
    };
    const vector = (): number[] => Array.from({ length: 4 }, () => random() * 2 - 1);

    const write = async (tenant: string): Promise<void> => {
      const id = `s${pick(60)}`;
      const spots = written.get(tenant);
      const version = (versions.get(`${tenant}/${id}`) ?? 0) + 1;
      if (random() < 0.25) {
        if (!spots?.delete(id)) return;
        await storeOf(tenant).deleteContext(id);
      } else {
        const [kind, embeddings] = [pick(4), random() < 0.1 ? [] : vector()];
        await put(storeOf(tenant), id, kind, embeddings);
        spots?.set(id, { kind, embeddings: [...new Float32Array(embeddings)], version });
      }
      versions.set(`${tenant}/${id}`, version);
    };

    const check = async (tenant: string): Promise<void> => {
      const [asked, kind] = [vector(), random() < 0.3 ? undefined : pick(4)];
      const expected = [...(written.get(tenant) ?? [])]
        .filter(([, spot]) => spot.embeddings.length > 0 && (kind === undefined || spot.kind === kind))
        .map(([id, { embeddings, version }]) => ({ id, version, similarity: cosine(asked, embeddings) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 7)
        .map(({ id, version }) => ({ id, version }));
      expect(await find(storeOf(tenant), asked, kind, 7)).toEqual(expected);
    };

    for (let step = 0; step < 250; step++) {
      const tenant = tenants[pick(2)] ?? "a";
      const changes = random() < 0.02 ? 90 : pick(3);
      for (let change = 0; change < changes; change++) await write(tenant);
      for (let search = 0; search < 2; search++) await check(tenants[pick(2)] ?? "a");
    }
  });
};
