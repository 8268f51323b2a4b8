/**
 * Measures reads as of a time of a store of some size, of which a part was changed and deleted since, and how long each
 * holds up the event loop.
 *
 * node scripts/campaigns/as-of-load.ts [--contexts 100000] [--url postgres://…]
 *
 * --url: the url of an empty store; left out: an encrypted file in a temporary folder.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: { contexts: { type: "string", default: "100000" }, url: { type: "string" } },
});
const count = Number(values.contexts);
const folder = mkdtempSync(join(tmpdir(), "contextbase-as-of-load-"));
const key = values.url === undefined ? new Uint8Array(32).fill(7) : undefined;
const url = values.url ?? `file:${join(folder, "as-of.db")}`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const Passage = defineComponent({
  name: "Passage",
  searchText: ["content.text"],
  indexes: ["content.source"],
  embeddings: { dimensions: 64 },
});
const random = createRandom(5);
const vocabulary = Array.from({ length: 20_000 }, (_, at) => `word${at.toString(36)}`);
const words = (number: number): string =>
  Array.from({ length: number }, () => vocabulary[Math.floor(random.below(20_000) ** 2 / 20_000)]).join(" ");
const passage = (id: number) => ({
  id: `${id}`,
  type: "passage",
  content: { text: words(100), source: id % 100, other: id % 1_000 },
  embeddings: Array.from({ length: 64 }, () => random.below(2_001) - 1_000.5),
});

const base = await openContextbase({ url, key, components: [Passage] });
const store = base.store(Passage);
const batch = 2_000;
for (let id = 0; id < count; id += batch)
  await store.storeContexts(Array.from({ length: Math.min(batch, count - id) }, (_, at) => passage(id + at)));
await new Promise((resolve) => setTimeout(resolve, 50));
const asOf = new Date();
await new Promise((resolve) => setTimeout(resolve, 50));
for (let id = 0; id < count / 10; id += batch)
  await store.storeContexts(
    Array.from({ length: Math.min(batch, count / 10 - id) }, (_, at) => passage((id + at) * 10)),
  );
for (let id = 5; id < count; id += 1_000) await store.deleteContext(`${id}`);

const measure = async (what: string, times: number, work: () => Promise<unknown>): Promise<void> => {
  await work();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  for (let time = 0; time < times; time++) await work();
  const each = (performance.now() - begun) / times;
  delay.disable();
  say(`${what}: ${each.toFixed(1)} ms, event loop held up ${(delay.max / 1e6).toFixed(0)} ms at the most`);
};

say(`${count} contexts of about 700 bytes, a tenth changed and a thousandth deleted since`);
const where = { "content.other": 77 };
await measure("a context", 100, () => store.retrieveContext("10", { asOf }));
await measure("100 contexts", 20, () =>
  store.retrieveContexts(
    Array.from({ length: 100 }, (_, at) => `${at * 7}`),
    { asOf },
  ),
);
await measure("the newest 20", 50, () => store.listContexts({ asOf, limit: 20 }));
await measure("the newest 20 that fit a filter of a thousandth", 3, () =>
  store.listContexts({ asOf, limit: 20, where }),
);
await measure("count of all", 3, () => store.countContexts({ asOf }));
await measure("count under a filter", 3, () => store.countContexts({ asOf, where }));
await measure("20 in an order", 3, () => store.listContexts({ asOf, limit: 20, orderBy: "content.other" }));
await measure("search by three words", 2, () => store.searchContexts({ asOf, text: "word1 word2k word9z" }));
await measure("search by vector", 2, () => store.searchContexts({ asOf, embeddings: passage(1).embeddings }));
await measure("for comparison, now: count under a filter", 3, () => store.countContexts({ where }));
await base.close();
rmSync(folder, { recursive: true, force: true });
