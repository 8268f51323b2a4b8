/**
 * Random writes and reads at random times, of several tenants, compared with a model that keeps everything: stores,
 * batches, deletions, reverts; contexts, lists with filters and orders, page by page, counts, histories and searches.
 *
 * node scripts/campaigns/as-of.ts [--operations 20000] [--url :memory:|postgres://…] [--seed N]
 *
 * --url: the url of an empty store; left out: an encrypted file in a temporary folder.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openContextbase } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { createAsOfCheck, Thing } from "./as-of-check.ts";
import { runChecks } from "./run-checks.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "20000" },
    url: { type: "string" },
    seed: { type: "string" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "contextbase-as-of-"));
const isFile = values.url === undefined;
const url = values.url ?? `file:${join(folder, "as-of.db")}`;

const clock = manualClock();
const key = isFile ? new Uint8Array(32).fill(7) : undefined;
const base = await openContextbase({ url, key, components: [Thing], clock });
let check: ReturnType<typeof createAsOfCheck> | undefined;
await runChecks({
  what: "operations",
  count: Number(values.operations),
  seed: values.seed,
  every: 2_000,
  check: (random) => {
    check ??= createAsOfCheck(base, clock, random);
    return check();
  },
});
await base.close();
rmSync(folder, { recursive: true, force: true });
