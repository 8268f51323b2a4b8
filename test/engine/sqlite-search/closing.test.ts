import { join } from "node:path";
import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/base/limits.ts";
import { openSearchFile } from "../../../src/engine/sqlite/search/file/search-file.ts";
import { key, temporaryFolder } from "../../contract/engines.ts";

const Place = defineComponent({ name: "Place", embeddings: { dimensions: 4 }, searchText: ["content.name"] });
const Point = defineComponent({ name: "Point", embeddings: { dimensions: 4 }, searchText: [] });

const count = limits.searchUnsavedDocuments + 200;

/** Contexts of a load that is so large that a thread writes it. */
const contextsOf = (type: string) =>
  Array.from({ length: count }, (_, number) => ({
    id: `p${number}`,
    type,
    content: { name: `place ${number}`, about: "x".repeat(1_000) },
    embeddings: [1, number, 1, 1],
  }));

/** How many contexts of each component a search file has. */
const savedSlots = (path: string): unknown => {
  const database = openSearchFile({ path, key });
  const saved = database.prepare("SELECT component, slots, texted FROM partitions ORDER BY component").all();
  database.close();
  return saved;
};

describe("a store that closes", () => {
  it("[Q3] keeps what its first search derived, though it closes at once", async () => {
    const path = join(temporaryFolder(), "store.db");
    const open = () => openContextbase({ url: `file:${path}`, key, components: [Place] });
    const loading = await open();
    // In batches so small that nothing is derived while they are stored.
    const contexts = contextsOf("place");
    for (let from = 0; from < count; from += 10)
      await loading.store(Place).storeContexts(contexts.slice(from, from + 10));
    await loading.close();
    const searching = await open();
    const [hit] = await searching.store(Place).searchContexts({ text: "place 7" });
    expect(hit?.context.id).toBe("p7");
    await searching.close();
    expect(savedSlots(path)).toEqual([{ component: "Place", slots: count, texted: count }]);
    await using again = await open();
    const [same] = await again.store(Place).searchContexts({ text: "place 7" });
    expect(same?.context.id).toBe("p7");
  });

  it("[Q3] keeps what was derived during a load of what is searched by vector alone", async () => {
    const path = join(temporaryFolder(), "store.db");
    const loading = await openContextbase({ url: `file:${path}`, key, components: [Point] });
    await loading.store(Point).storeContexts(contextsOf("point"));
    await loading.close();
    expect(savedSlots(path)).toEqual([{ component: "Point", slots: count, texted: 0 }]);
    await using again = await openContextbase({ url: `file:${path}`, key, components: [Point] });
    const [hit] = await again.store(Point).searchContexts({ embeddings: [1, count - 1, 1, 1] });
    expect(hit?.context.id).toBe(`p${count - 1}`);
  });
});
