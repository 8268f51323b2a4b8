/**
 * Vector search in an encrypted file beside LangGraph's InMemoryStore, which keeps its vectors as arrays in memory
 * and compares all of them, in the same run.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InMemoryStore } from "@langchain/langgraph";
import { openContextbase } from "../../src/index.ts";
import { clustered, makeVectors, type VectorData } from "../vectors/data.ts";
import type { VectorPeer } from "../vectors/peers.ts";
import { openSearcher } from "./contextbase.ts";
import { itemsOf, loadItems } from "./items.ts";
import { printLines, printMachine } from "./lines.ts";
import { readOptions } from "./options.ts";
import { passThrough } from "./pass-through.ts";
import { measureSpeedup } from "./speedup.ts";

const options = readOptions(
  `Usage: node bench/search/in-memory-store.ts [--rows 2000] [--dimensions 384] [--rounds 20] [--calls 5]

  --rows N        how many vectors; the target is for 10000
  --dimensions N  of each
  --rounds N      in how many rounds the sides take turns
  --calls N       how many searches of each kind a side makes in a round
  --folder PATH   where the store is made and removed again`,
  { rows: 2_000, dimensions: 384, rounds: 20, calls: 5, folder: tmpdir() },
);
const { rows: count, dimensions, rounds, calls } = options;

const namespace = ["bench", "items"];

const openInMemoryStore = async (data: VectorData): Promise<VectorPeer> => {
  const { rowText, queryText, ...embeddings } = passThrough(data);
  const store = new InMemoryStore({ index: { dims: dimensions, fields: ["text"], embeddings } });
  for (const [number, { tenth, hundredth, thousandth }] of data.rows.entries()) {
    await store.put(namespace, String(number), { text: rowText(number), tenth, hundredth, thousandth });
  }
  return {
    name: "InMemoryStore",
    search: async (vector, limit, filter) => {
      const found = await store.search(namespace, {
        query: queryText(vector),
        limit,
        ...(filter && { filter: { [filter.column]: filter.value } }),
      });
      return found.map(({ key }) => Number(key));
    },
    close: () => undefined,
  };
};

const folder = await mkdtemp(join(options.folder, "contextbase-bench-"));
try {
  printMachine();
  const data = makeVectors(count, dimensions, clustered);
  const [url, key] = [`file:${join(folder, "items.db")}`, randomBytes(32)];
  const component = itemsOf(dimensions);
  const base = await openContextbase({ url, key, components: [component] });
  await loadItems(base.store(component), data.rows);
  await base.close();
  const ours = await openSearcher(url, key, dimensions);
  const peer = await openInMemoryStore(data);
  const lines = await measureSpeedup(data, ours, peer, {
    rounds,
    calls,
    least: count === 10_000 ? 50 : undefined,
    leastRecall: 0.99,
  });
  await ours.close();
  printLines(lines);
} finally {
  await rm(folder, { recursive: true, force: true });
}
