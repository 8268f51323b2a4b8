import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { measureHistory } from "./history.ts";
import { measureLoads } from "./loads.ts";
import { describeDisk } from "./machine.ts";
import type { Measure } from "./measure.ts";
import { method } from "./method.ts";
import { measureMonitoring } from "./monitoring.ts";
import type { Part } from "./part.ts";
import { measurePuts } from "./puts.ts";
import { measureReads } from "./reads.ts";
import { makeSamples } from "./samples.ts";
import type { Scale } from "./scale.ts";

/** The embedded engine. @param parent where the stores are made and removed again */
export const sqlitePart = (parent: string): Part => ({
  title: "In one file",
  chart: "benchmarks.svg",
  method,
  run: async (scale) => {
    const folder = await mkdtemp(join(parent, "contextbase-bench-"));
    try {
      return { circumstances: await describeDisk(folder), measures: await measureAll(folder, scale) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

const measureAll = async (folder: string, scale: Scale): Promise<Measure[]> => {
  const key = randomBytes(32);
  const paths = {
    ours: join(folder, "load.db"),
    bare: join(folder, "load-bare.db"),
    pouch: join(folder, "load"),
  };
  console.error("Single and concurrent puts…");
  const puts = await measurePuts(folder, key, scale);
  console.error(`Loads of ${scale.loadContexts.toLocaleString("en")}…`);
  const samples = makeSamples("load", scale.loadContexts);
  const load = await measureLoads(paths, key, samples, scale);
  console.error("Reads…");
  const reads = await measureReads(paths, key, samples, scale);
  console.error("The monitor…");
  const monitoring = await measureMonitoring(paths.ours, key, samples, scale);
  console.error("History…");
  const history = await measureHistory(join(folder, "history.db"), key, scale);
  return [...puts, load, ...reads, monitoring, ...history];
};
