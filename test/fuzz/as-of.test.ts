import { expect, it } from "vitest";
import { createAsOfCheck, Thing } from "../../scripts/campaigns/as-of-check.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { manualClock } from "../../src/testing/index.ts";
import { engines, openNew } from "../contract/engines.ts";

const seed = Number(process.env.AS_OF_SEED ?? Date.now() % 2 ** 31);

/** What is common to all engines is met on one of them; scripts/campaigns/as-of.ts does more. */
const operationsOn = (engine: string): number => (engine === "sqlite encrypted" ? 1_000 : 100);

for (const engine of engines) {
  it(`[V7, Q2, S5] random writes and reads at random times give what a model gives on ${engine.name} (AS_OF_SEED=${seed})`, async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Thing], { clock });
    const check = createAsOfCheck(base, clock, createRandom(seed));
    const count = operationsOn(engine.name);
    for (let done = 0; done < count; done++) expect(await check(), `operation ${done}`).toBeUndefined();
  }, 120_000);
}
