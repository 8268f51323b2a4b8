import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { createWords } from "../../bench/search/zipf.ts";
import { clustered, makeVectors } from "../../bench/vectors/data.ts";
import { type ContextStore, defineComponent, openContextbase } from "../../src/index.ts";

const dimensions = 384;
const vocabulary = 50_000;
const textCharacters = 1_024;
const batchContexts = 1_000;
const searchers = 4;

const Page = defineComponent({
  name: "Page",
  types: { page: z.object({ text: z.string() }) },
  metadata: z.object({ bucket: z.number() }),
  embeddings: { dimensions },
  searchText: ["content.text"],
  indexes: ["metadata.bucket"],
});

export type Delays = {
  /** Milliseconds that 99.9 % of the turns of the event loop were late by at the most. */
  readonly idle: number;
  /** The same while the first search was under way, which makes the index. */
  readonly first: number;
  readonly searching: number;
  readonly searches: number;
};

/** Milliseconds by which 999 of 1,000 turns of the event loop are late at the most, while something goes on. */
const delayDuring = async (work: () => Promise<unknown>): Promise<number> => {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99.9) / 1e6;
};

type PageStore = Pick<ContextStore<typeof Page>, "storeContexts">;

/** @returns what to search for; the vectors themselves would be a burden on every collection of garbage */
const load = async (store: PageStore, rows: number): Promise<readonly Float32Array[]> => {
  const words = createWords(vocabulary, 1);
  const data = makeVectors(rows, dimensions, clustered);
  for (let from = 0; from < rows; from += batchContexts) {
    const some = data.rows.slice(from, from + batchContexts);
    await store.storeContexts(
      some.map(({ vector, hundredth }, at) => ({
        id: `page-${from + at}`,
        type: "page",
        content: { text: words.text(textCharacters) },
        metadata: { bucket: hundredth },
        embeddings: vector,
      })),
    );
  }
  return data.queries;
};

/** How late the event loop is during searches of a store of so many contexts, and when nothing is done. */
export const measureDelays = async (folder: string, rows: number, seconds: number): Promise<Delays> => {
  const url = `file:${join(folder, "pages.db")}`;
  const base = await openContextbase({ url, key: randomBytes(32), components: [Page] });
  const store = base.store(Page);
  const queries = await load(store, rows);
  const questions = createWords(vocabulary, 2);
  const search = (number: number): Promise<unknown> => {
    const embeddings = queries[number % queries.length] ?? [];
    const where = { "metadata.bucket": number % 100 };
    const text = questions.question(8);
    const kinds = [{ embeddings }, { embeddings, where }, { text, embeddings: [] }, { text, embeddings }];
    return store.searchContexts({ ...kinds[number % kinds.length], limit: 10 });
  };

  // What the load left behind is done first.
  await sleep(2_000);
  const idle = await delayDuring(() => sleep(seconds * 1_000));
  const first = await delayDuring(() => search(3));
  let searches = 0;
  let going = true;
  const searcher = async (): Promise<void> => {
    while (going) await search(searches++);
  };
  const searching = await delayDuring(async () => {
    const all = Array.from({ length: searchers }, searcher);
    await sleep(seconds * 1_000);
    going = false;
    await Promise.all(all);
  });
  await base.close();
  return { idle, first, searching, searches };
};
