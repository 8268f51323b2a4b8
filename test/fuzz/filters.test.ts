import { expect, it } from "vitest";
import { checkCase, Filtered, randomCase, storeContexts } from "../../scripts/campaigns/filter-check.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { engines, openNew } from "../contract/engines.ts";

const seed = Number(process.env.FILTER_SEED ?? Date.now() % 2 ** 31);

/** More contexts than are gathered on the event loop, so that every plan is met. scripts/campaigns/filters.ts asks more. */
const contextsStored = 1_500;
const filtersAsked = 150;

for (const engine of engines) {
  it(`[Q1, Q2] generated filters and orders give exactly the oracle's contexts on ${engine.name} (FILTER_SEED=${seed})`, async () => {
    const base = await openNew(engine, [Filtered]);
    const random = createRandom(seed);
    const contexts = await storeContexts(base, random, contextsStored, "one");
    for (let asked = 0; asked < filtersAsked; asked++) {
      const wrong = await checkCase(
        base,
        contexts,
        randomCase(random, contexts),
        random.pick([100, 333, 1_000]),
        "one",
      );
      expect(wrong, `filter ${asked}`).toBeUndefined();
    }
  }, 120_000);
}
