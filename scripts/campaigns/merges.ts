/**
 * Merges generated triples of a base and what two sides made of it, and looks at what must hold: one side's edits
 * alone give that side; sides can be swapped where policies let them; disjoint edits never conflict; no edit is lost
 * without being listed; nothing that was given is changed or shared.
 *
 * node scripts/campaigns/merges.ts [--triples 50000] [--seed N]
 */
import { parseArgs } from "node:util";
import { checkMerge } from "./merge-check.ts";
import { runChecks } from "./run-checks.ts";

const { values } = parseArgs({
  options: { triples: { type: "string", default: "50000" }, seed: { type: "string" } },
});
await runChecks({ what: "triples", count: Number(values.triples), seed: values.seed, check: checkMerge });
