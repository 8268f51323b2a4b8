/**
 * Compares generated pairs of JSON Schemas, and asks a validator about generated values of the older: where one of
 * them fails the newer, the pair must not have been said to be backward compatible. It tells, too, how often
 * incompatible was said though no value was found that shows it.
 *
 * node scripts/campaigns/compatibility.ts [--pairs 20000] [--tries 150] [--seed N]
 */
import { parseArgs } from "node:util";
import { checkPair, randomPair } from "./compatibility-check.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "20000" },
    tries: { type: "string", default: "150" },
    seed: { type: "string" },
  },
});
const [pairs, tries] = [Number(values.pairs), Number(values.tries)];
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

say(`seed ${seed}`);
const random = createRandom(seed);
const count = { compared: 0, compatible: 0, shown: 0, undecided: 0, empty: 0, instances: 0, wrong: 0 };
const kinds = new Map<string, number>();
let slowest = 0;
const begun = performance.now();
while (count.compared < pairs) {
  const pair = randomPair(random);
  const started = performance.now();
  const checked = checkPair(pair, random, tries);
  if (!checked) continue;
  if (checked.instances === 0) {
    count.empty++;
    continue;
  }
  slowest = Math.max(slowest, performance.now() - started);
  count.compared++;
  count.instances += checked.instances;
  if (checked.compatible) count.compatible++;
  if (checked.compatible && checked.counterexample) {
    count.wrong++;
    say(`WRONG at ${count.compared}: ${JSON.stringify({ ...pair, ...checked.counterexample })}`);
  }
  if (checked.compatible) continue;
  if (checked.counterexample) count.shown++;
  else {
    count.undecided++;
    for (const kind of checked.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
}
const share = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`;
say(
  `${count.compared} pairs, ${count.instances} values of the older, ${((performance.now() - begun) / 1_000).toFixed(0)} s, slowest ${slowest.toFixed(0)} ms`,
);
say(
  `compatible: ${count.compatible} (${share(count.compatible, count.compared)}), of these wrong: ${count.wrong}`,
);
say(`incompatible, and a value shows it: ${count.shown}`);
const refused = count.shown + count.undecided;
say(
  `incompatible, and no value found that shows it: ${count.undecided} (${share(count.undecided, refused)} of all incompatible)`,
);
say(`left out, since no value of the older was found: ${count.empty}`);
say(
  `kinds where none shows it: ${JSON.stringify(Object.fromEntries([...kinds].sort((one, other) => other[1] - one[1])))}`,
);
process.exitCode = count.wrong === 0 ? 0 : 1;
