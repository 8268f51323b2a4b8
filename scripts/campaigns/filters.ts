/**
 * Asks one store after another for generated filters and orders over generated contexts, lists and counts, and
 * compares what comes with an oracle in memory.
 *
 * node scripts/campaigns/filters.ts [--filters 20000] [--contexts 1500] [--each 1000] [--engine file|memory]
 *   [--url postgres://…] [--seed N]
 *
 * --each: so many filters are asked of a store before a new one is made. --url: the owner's url of an empty store,
 * as which each is a tenant of its own; --engine does not count then.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contextbase, openContextbase } from "../../src/index.ts";
import { checkCase, Filtered, randomCase, storeContexts } from "./filter-check.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    filters: { type: "string", default: "20000" },
    contexts: { type: "string", default: "1500" },
    each: { type: "string", default: "1000" },
    engine: { type: "string", default: "file" },
    url: { type: "string" },
    seed: { type: "string" },
  },
});
const [filters, contexts, each] = [Number(values.filters), Number(values.contexts), Number(values.each)];
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), "contextbase-filters-"));
const key = values.engine === "file" ? new Uint8Array(32).fill(7) : undefined;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const urlOf = (round: number): string => {
  if (values.url !== undefined) return values.url;
  return values.engine === "memory" ? ":memory:" : `file:${join(folder, `${round}.db`)}`;
};

/** @returns how many answers were wrong */
const ask = async (base: Contextbase, round: number, count: number): Promise<number> => {
  const random = createRandom(seed + round);
  const stored = await storeContexts(base, random, contexts, `round ${round}`);
  let wrong = 0;
  for (let asked = 0; asked < count; asked++) {
    const problem = await checkCase(
      base,
      stored,
      randomCase(random, stored),
      random.pick([100, 333, 1_000]),
      `round ${round}`,
    );
    if (problem === undefined) continue;
    wrong++;
    say(`seed ${seed}, round ${round}, filter ${asked}: ${problem}`);
  }
  return wrong;
};

say(`seed ${seed}`);
let wrong = 0;
const begun = performance.now();
for (let [round, asked] = [0, 0]; asked < filters; round++) {
  const count = Math.min(each, filters - asked);
  const base = await openContextbase({ url: urlOf(round), key, components: [Filtered] });
  wrong += await ask(base, round, count);
  await base.close();
  asked += count;
  say(
    `${asked} filters over ${contexts} contexts in ${((performance.now() - begun) / 1_000).toFixed(0)} s, ${wrong} wrong`,
  );
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = wrong === 0 ? 0 : 1;
