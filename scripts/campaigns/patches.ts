/**
 * Makes patches between generated values and applies them: what comes must be the value that was compared with.
 *
 * node scripts/campaigns/patches.ts [--pairs 50000] [--seed N]
 */
import { parseArgs } from "node:util";
import { checkPatchCase, randomPatchCase } from "./patch-cases.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "50000" }, seed: { type: "string" } },
});
const pairs = Number(values.pairs);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

say(`seed ${seed}`);
const random = createRandom(seed);
const begun = performance.now();
let wrong = 0;
for (let pair = 0; pair < pairs; pair++) {
  const problem = checkPatchCase(randomPatchCase(random));
  if (problem === undefined) continue;
  wrong++;
  say(`seed ${seed}, pair ${pair}: ${problem}`);
}
say(`${pairs} pairs in ${((performance.now() - begun) / 1_000).toFixed(1)} s, ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
