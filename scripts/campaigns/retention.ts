/**
 * Random writes, deletions, times of expiry and sweeps, beside a model that keeps everything and knows of each version
 * whether retention removed it: histories, versions, reads as of random times, lists and counts are compared.
 *
 * node scripts/campaigns/retention.ts [--operations 20000] [--url :memory:|postgres://…] [--seed N]
 *
 * --url: the url of an empty store; left out: an encrypted file in a temporary folder.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openContextbase } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { createRandom } from "./random.ts";
import { createRetentionCheck, retentionComponents } from "./retention-check.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "20000" },
    url: { type: "string" },
    seed: { type: "string" },
  },
});
const operations = Number(values.operations);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const folder = mkdtempSync(join(tmpdir(), "contextbase-retention-"));
const url = values.url ?? `file:${join(folder, "retention.db")}`;
const key = values.url === undefined ? new Uint8Array(32).fill(7) : undefined;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

say(`seed ${seed}`);
const clock = manualClock();
const base = await openContextbase({ url, key, components: retentionComponents, sweeps: false, clock });
const { step, told } = createRetentionCheck(base, clock, createRandom(seed));
const begun = performance.now();
let wrong = 0;
for (let done = 0; done < operations; done++) {
  const problem = await step();
  if (problem !== undefined && ++wrong <= 10) say(`seed ${seed}, operation ${done}: ${problem}`);
  if ((done + 1) % 2_000 === 0)
    say(
      `${done + 1} operations in ${((performance.now() - begun) / 1_000).toFixed(0)} s, ${told()}, ${wrong} wrong`,
    );
}
await base.close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = wrong === 0 ? 0 : 1;
