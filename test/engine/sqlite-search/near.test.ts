import { join } from "node:path";
import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { limits } from "../../../src/base/limits.ts";
import { connect } from "../../../src/engine/sqlite/connection/connection.ts";
import { createSearchClient } from "../../../src/engine/sqlite/search/search-client.ts";
import { key, temporaryFolder } from "../../contract/engines.ts";

const dimensions = 2_048;
const Point = defineComponent({ name: "Point", embeddings: { dimensions }, searchText: [] });
/** So many are searched where the caller is, and one more is not. */
const few = limits.nearSearchBytes / dimensions;

describe("a component that grows past what is searched where the caller is", () => {
  it("[Q6] is searched alike before, across and after, and by another process's writes", async () => {
    const random = createRandom(17);
    const url = `file:${join(temporaryFolder(), "store.db")}`;
    const open = () => openContextbase({ url, key, components: [Point] });
    await using base = await open();
    await using other = await open();
    const [points, others] = [base.store(Point), other.store(Point)];
    const vectors = Array.from({ length: few + 100 }, () =>
      Float32Array.from({ length: dimensions }, () => random.below(2_001) - 1_000),
    );
    const contextsOf = (from: number, to: number) =>
      vectors
        .slice(from, to)
        .map((embeddings, at) => ({ id: `p${from + at}`, type: "point", content: {}, embeddings }));
    const nearestTo = async (number: number): Promise<string | undefined> => {
      const [hit] = await points.searchContexts({ embeddings: vectors[number], limit: 3 });
      return hit?.context.id;
    };

    await points.storeContexts(contextsOf(0, few - 10));
    for (const number of [5, few - 11, 5]) expect(await nearestTo(number)).toBe(`p${number}`);
    await others.storeContexts(contextsOf(few - 10, few));
    for (const number of [5, few - 1]) expect(await nearestTo(number)).toBe(`p${number}`);
    await others.deleteContext("p5");
    expect(await nearestTo(5)).not.toBe("p5");
    await points.storeContexts(contextsOf(few, few + 100));
    for (const number of [few + 99, 6, few + 98]) expect(await nearestTo(number)).toBe(`p${number}`);
  });
});

describe("contexts whose rows were numbered anew", () => {
  it("[Q4, Q6] are found by their keys, not in the rows that have become those of others", async () => {
    const Place = defineComponent({ name: "Place", embeddings: { dimensions: 2 }, searchText: [] });
    const file = { path: join(temporaryFolder(), "store.db"), key };
    await using base = await openContextbase({ url: `file:${file.path}`, key, components: [Place] });
    const places = base.store(Place);
    const count = 40;
    const directionOf = (number: number): number[] => [Math.cos(number / 20), Math.sin(number / 20)];
    const contexts = Array.from({ length: count }, (_, number) => ({
      ...{ id: `p${number}`, type: "place", content: { number }, embeddings: directionOf(number) },
    }));
    await places.storeContexts(contexts);
    const nearestTo = async (number: number): Promise<unknown> => {
      const [hit] = await places.searchContexts({ embeddings: directionOf(number), limit: 2 });
      return hit && [hit.context.id, hit.context.content];
    };
    for (const number of [3, 4, 5]) expect(await nearestTo(number)).toEqual([`p${number}`, { number }]);

    const database = connect(file, 1_000);
    database.exec(
      `UPDATE contexts SET rowid = -rowid; UPDATE contexts SET rowid = rowid + ${count + 1} WHERE rowid < 0`,
    );
    database.close();
    for (const number of [3, 4, 5]) expect(await nearestTo(number)).toEqual([`p${number}`, { number }]);
  });
});

describe("a search that is left to the thread while its store closes", () => {
  it("[Q3] is refused as closed, and starts no thread", async () => {
    const file = { path: join(temporaryFolder(), "store.db"), key };
    const client = createSearchClient(file, () => undefined);
    await client.close();
    const query = { tenant: "default", component: "Point", text: undefined, where: undefined, limit: 1 };
    const search = client.search({ ...query, vector: new Float32Array([1]) });
    await expect(search).rejects.toMatchObject({ code: "closed" });
  });
});
