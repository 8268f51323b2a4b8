import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawChart } from "./chart.ts";
import { describeMachine } from "./machine.ts";
import type { Part } from "./part.ts";
import { postgresPart } from "./postgres/part.ts";
import { formatList, formatPage, formatTable, isMet, type Section } from "./report.ts";
import { fullScale, quickScale } from "./scale.ts";
import { sqlitePart } from "./sqlite.ts";

const usage = `Usage: npm run bench -- [--quick] [--only sqlite|postgres] [--folder PATH]

  --quick        a small run that shows that everything works; writes no page
  --only ENGINE  one engine alone; writes no page
  --folder PATH  where the stores in files are made and removed again; a folder on the disk to be measured

The benchmarks of PostgreSQL run on the server that CONTEXTBASE_TEST_POSTGRES_OWNER and _APP name (urls of the
owner of a database, and of a role that may connect), or on one that scripts/postgres.ts brings up.`;

type Options = { readonly quick: boolean; readonly folder: string; readonly only?: string | undefined };

const partsOf = ({ folder, only }: Options): Part[] => {
  const parts = new Map([
    ["sqlite", sqlitePart(folder)],
    ["postgres", postgresPart],
  ]);
  return [...parts].filter(([name]) => only === undefined || only === name).map(([, part]) => part);
};

const main = async (options: Options): Promise<void> => {
  const scale = options.quick ? quickScale : fullScale;
  const machine = describeMachine();
  console.log(formatList(machine));
  const sections: Section[] = [];
  for (const part of partsOf(options)) {
    const measured = await part.run(scale);
    if (!measured) continue;
    sections.push({ ...part, ...measured, method: part.method(scale) });
    console.log(`${formatList(measured.circumstances)}\n${formatTable(measured.measures)}`);
    const short = measured.measures.filter((measure) => !isMet(measure)).length;
    console.log(short === 0 ? "Every target is met." : `${short} fell short of the target.`);
  }
  if (options.quick || options.only !== undefined) return;
  if (sections.length < 2) {
    console.log("Nothing is written: one engine alone was measured.");
    return;
  }
  const docs = join(import.meta.dirname, "../docs");
  await writeFile(join(docs, "benchmarks.md"), formatPage(sections, machine));
  for (const { chart, measures } of sections) await writeFile(join(docs, chart), drawChart(measures));
  console.log(`Written: docs/benchmarks.md, ${sections.map(({ chart }) => `docs/${chart}`).join(", ")}`);
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    folder: { type: "string", default: tmpdir() },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(usage);
else if (partsOf(values).length === 0) {
  console.error(`No benchmarks are called ${values.only}.\n\n${usage}`);
  process.exitCode = 2;
} else await main(values);
