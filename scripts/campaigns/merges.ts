/**
 * Merges generated triples of a base and what two sides made of it, and looks at what must hold: one side's edits
 * alone give that side; sides can be swapped where policies let them; disjoint edits never conflict; no edit is lost
 * without being listed; nothing that was given is changed or shared.
 *
 * node scripts/campaigns/merges.ts [--triples 50000] [--seed N]
 */
import { parseArgs } from "node:util";
import { checkMerge } from "./merge-check.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: { triples: { type: "string", default: "50000" }, seed: { type: "string" } },
});
const triples = Number(values.triples);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

say(`seed ${seed}`);
const random = createRandom(seed);
const begun = performance.now();
let wrong = 0;
for (let merged = 0; merged < triples; merged++) {
  const problem = checkMerge(random);
  if (problem === undefined) continue;
  wrong++;
  if (wrong <= 10) say(`seed ${seed}, triple ${merged}: ${problem}`);
}
say(`${triples} triples in ${((performance.now() - begun) / 1_000).toFixed(1)} s, ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
