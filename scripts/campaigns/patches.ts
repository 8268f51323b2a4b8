/**
 * Makes patches between generated values and applies them: what comes must be the value that was compared with.
 *
 * node scripts/campaigns/patches.ts [--pairs 50000] [--seed N]
 */
import { parseArgs } from "node:util";
import { checkPatchCase, randomPatchCase } from "./patch-cases.ts";
import { runChecks } from "./run-checks.ts";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "50000" }, seed: { type: "string" } },
});
await runChecks({
  what: "pairs",
  count: Number(values.pairs),
  seed: values.seed,
  check: (random) => checkPatchCase(randomPatchCase(random)),
});
