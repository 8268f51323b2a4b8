import { strictEqual } from "node:assert/strict";
import { systemClock } from "../src/base/clock.ts";
import { limits } from "../src/base/limits.ts";
import { sqlite } from "../src/engine/sqlite/index.ts";
import { openContextbase } from "../src/index.ts";
import { createCache } from "../src/store/cache.ts";
import { nobody } from "../src/store/principal.ts";
import { createRetrieving } from "../src/store/retrieving.ts";
import { compareSpeeds, type Measure } from "./measure.ts";
import { interleave } from "./rounds.ts";
import { Note, type Sample } from "./samples.ts";
import type { Scale } from "./scale.ts";

const monitored = "monitored";
const unmonitored = "not monitored";

/** The monitor may cost 5 % of a cached read. */
const least = 1 / 1.05;

/** Cached reads through the store, and through the same store put together without its monitor. */
export const measureMonitoring = async (
  path: string,
  key: Uint8Array,
  samples: readonly Sample[],
  { cachedContexts, cachedReads, monitorRounds, warmUps }: Scale,
): Promise<Measure> => {
  const base = await openContextbase({ url: `file:${path}`, key, components: [Note] });
  const engine = sqlite({ path, key });
  const cache = createCache(limits.cacheBytes, engine.staleness, systemClock);
  const plain = createRetrieving(Note, {
    engine,
    cache,
    clock: systemClock,
    tenant: nobody.tenant,
    onCacheHit: () => undefined,
  });

  const ids = Array.from({ length: cachedReads }, (_, at) => samples[at % cachedContexts]?.id ?? "");
  const reader = (name: string, store: Pick<typeof plain, "retrieveContext">) => ({
    name,
    operations: ids.length,
    work: async () => {
      let characters = 0;
      for (const id of ids) characters += (await store.retrieveContext(id))?.content.text.length ?? 0;
      sums.add(characters);
    },
  });
  const sums = new Set<number>();
  const times = await interleave(
    [reader(monitored, base.store(Note)), reader(unmonitored, plain)],
    monitorRounds,
    warmUps,
  );
  strictEqual(sums.size, 1, "Two rounds read other contexts");
  await base.close();
  await engine.close();
  return compareSpeeds({
    name: "retrieve, cached, with its monitor",
    against: "without",
    least,
    times,
    one: monitored,
    other: unmonitored,
  });
};
