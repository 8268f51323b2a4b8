/**
 * Random writes and reads at random times, of several tenants, compared with a model that keeps everything: stores,
 * batches, deletions, reverts; contexts, lists with filters and orders, page by page, counts, histories and searches.
 *
 * node scripts/campaigns/as-of.ts [--operations 20000] [--url :memory:|postgres://…] [--seed N]
 *
 * --url: the url of an empty store; left out: an encrypted file in a temporary folder.
 */
import { openContextbase } from "../../src/index.ts";
import { manualClock } from "../../src/testing/index.ts";
import { createAsOfCheck, Thing } from "./as-of-check.ts";
import { readEmptyStore } from "./empty-store.ts";
import { runChecks } from "./run-checks.ts";

const { operations, seed, place, remove } = readEmptyStore("as-of");
const clock = manualClock();
const base = await openContextbase({ ...place, components: [Thing], clock });
let check: ReturnType<typeof createAsOfCheck> | undefined;
await runChecks({
  what: "operations",
  count: operations,
  seed,
  every: 2_000,
  check: (random) => {
    check ??= createAsOfCheck(base, clock, random);
    return check();
  },
});
await base.close();
remove();
