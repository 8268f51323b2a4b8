import { modelSuite } from "../../src/testing/index.ts";
import { embedded, pglite, server } from "../contract/engines.ts";
import { runsOf } from "./runs.ts";

/** A campaign sets more. */
const given = process.env.MODEL_RUNS;
const seed = process.env.MODEL_SEED;

const options = (runs: number) => ({
  runs: Number(given ?? runs),
  seed: seed === undefined ? undefined : Number(seed),
});

for (const engine of embedded) modelSuite(engine, options(runsOf(40)));
for (const engine of server ? [pglite, server] : [pglite]) modelSuite(engine, options(runsOf(12)));
