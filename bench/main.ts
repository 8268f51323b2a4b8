import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { measureHistory } from "./history.ts";
import { measureLoads } from "./loads.ts";
import { describeMachine } from "./machine.ts";
import type { Measure } from "./measure.ts";
import { method } from "./method.ts";
import { measureMonitoring } from "./monitoring.ts";
import { measurePuts } from "./puts.ts";
import { measureReads } from "./reads.ts";
import { formatPage, formatTable, isMet } from "./report.ts";
import { makeSamples } from "./samples.ts";
import { fullScale, quickScale, type Scale } from "./scale.ts";

const usage = `Usage: npm run bench -- [--quick] [--folder PATH]

  --quick        a small run that shows that everything works; writes no page
  --folder PATH  where the stores are made and removed again; a folder on the disk to be measured`;

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

const main = async ({ quick, folder: parent }: { quick: boolean; folder: string }): Promise<void> => {
  const folder = await mkdtemp(join(parent, "contextbase-bench-"));
  try {
    const machine = await describeMachine(folder);
    for (const [name, value] of machine) console.log(`${name}: ${value}`);
    const measures = await measureAll(folder, quick ? quickScale : fullScale);
    console.log(formatTable(measures));
    const short = measures.filter((measure) => !isMet(measure)).length;
    console.log(short === 0 ? "Every target is met." : `${short} fell short of the target.`);
    if (quick) return;
    const docs = join(import.meta.dirname, "../docs");
    await writeFile(join(docs, "benchmarks.md"), formatPage(measures, machine, method(fullScale)));
    await writeFile(join(docs, "benchmarks.svg"), drawChart(measures));
    console.log("Written: docs/benchmarks.md, docs/benchmarks.svg");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    folder: { type: "string", default: tmpdir() },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else await main(values);
