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
import { createRetentionCheck, retentionComponents } from "./retention-check.ts";
import { runChecks } from "./run-checks.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "20000" },
    url: { type: "string" },
    seed: { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "contextbase-retention-"));
const url = values.url ?? `file:${join(folder, "retention.db")}`;
const key = values.url === undefined ? new Uint8Array(32).fill(7) : undefined;

const clock = manualClock();
const base = await openContextbase({ url, key, components: retentionComponents, sweeps: false, clock });
let check: ReturnType<typeof createRetentionCheck> | undefined;
await runChecks({
  what: "operations",
  count: Number(values.operations),
  seed: values.seed,
  every: 2_000,
  check: (random) => {
    check ??= createRetentionCheck(base, clock, random);
    return check.step();
  },
});
if (check) process.stderr.write(`${check.told()}\n`);
await base.close();
rmSync(folder, { recursive: true, force: true });
