import { expect, it } from "vitest";
import { checkCase, Filtered, randomCase, storeContexts } from "../../scripts/campaigns/filter-check.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { embedded, engines, openNew } from "../contract/engines.ts";
import { runsOf } from "./runs.ts";

const seed = Number(process.env.FILTER_SEED ?? Date.now() % 2 ** 31);

/**
 * On the embedded engine more contexts than are gathered on the event loop, so that every plan is met.
 * scripts/campaigns/filters.ts asks more.
 */
const sizes = {
  embedded: { contexts: 1_500, filters: runsOf(240) },
  others: { contexts: 500, filters: runsOf(160) },
} as const;

for (const engine of engines) {
  const size = embedded.includes(engine) ? sizes.embedded : sizes.others;
  it(`[Q1, Q2] generated filters and orders give exactly the oracle's contexts on ${engine.name} (FILTER_SEED=${seed})`, async () => {
    const base = await openNew(engine, [Filtered]);
    const random = createRandom(seed);
    const contexts = await storeContexts(base, random, size.contexts, "one");
    for (let asked = 0; asked < size.filters; asked++) {
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
