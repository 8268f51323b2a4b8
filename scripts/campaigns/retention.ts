/**
 * Random writes, deletions, times of expiry and sweeps, beside a model that keeps everything and knows of each version
 * whether retention removed it: histories, versions, reads as of random times, lists and counts are compared.
 *
 * node scripts/campaigns/retention.ts [--operations 20000] [--url :memory:|postgres://…] [--seed N]
 *
 * --url: the url of an empty store; left out: an encrypted file in a temporary folder.
 */
import { openContextbase } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { readEmptyStore } from "./empty-store.ts";
import { createRetentionCheck, retentionComponents } from "./retention-check.ts";
import { runChecks } from "./run-checks.ts";

const { operations, seed, place, remove } = readEmptyStore("retention");
const clock = manualClock();
const base = await openContextbase({ ...place, components: retentionComponents, sweeps: false, clock });
let check: ReturnType<typeof createRetentionCheck> | undefined;
await runChecks({
  what: "operations",
  count: operations,
  seed,
  every: 2_000,
  check: (random) => {
    check ??= createRetentionCheck(base, clock, random);
    return check.step();
  },
});
if (check) process.stderr.write(`${check.told()}\n`);
await base.close();
remove();
