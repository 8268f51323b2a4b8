/**
 * Vector search in an encrypted file, beside usearch, sqlite-vec and LanceDB in the same run: how long the whole
 * call takes, filtered and not, how much of what is nearest it finds, and how long a new process takes to open the
 * store and answer its first search.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stopwatch } from "../../src/base/clock.ts";
import { openContextbase } from "../../src/index.ts";
import { spreadOf } from "../rounds.ts";
import { clustered, makeVectors } from "../vectors/data.ts";
import { buildExactSearch, vectorPeers } from "../vectors/peers.ts";
import { openSearcher } from "./contextbase.ts";
import { itemsOf, loadItems } from "./items.ts";
import { type Line, milliseconds, printLines, printMachine } from "./lines.ts";
import { readOptions } from "./options.ts";
import { measureVectors } from "./vector-lines.ts";

const options = readOptions(
  `Usage: node bench/search/vectors.ts [--rows 5000] [--dimensions 384] [--rounds 20] [--calls 50] [--only-exact]

  --rows N        how many vectors; targets are for 100000, and some for 500000
  --dimensions N  of each
  --rounds N      in how many rounds the sides take turns
  --calls N       how many searches of each kind a side makes in a round; slow peers make a tenth
  --only-exact    beside usearch's exactSearch alone
  --folder PATH   where the store is made and removed again`,
  { rows: 5_000, dimensions: 384, rounds: 20, calls: 50, "only-exact": false, folder: tmpdir() },
);
const { rows: count, dimensions, rounds, calls } = options;
const starts = 3;

/**
 * Milliseconds until a process that just started has the hits of its first search, each time anew.
 * @param derives whether it finds the store file alone, and has to derive what it searches by
 */
const measureFirst = async (path: string, key: Uint8Array, derives: boolean): Promise<Line> => {
  const script = join(import.meta.dirname, "first-search.ts");
  const env = { ...process.env, CONTEXTBASE_KEY: Buffer.from(key).toString("base64") };
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    if (derives) for (const end of ["", "-wal", "-shm"]) await rm(`${path}-search${end}`, { force: true });
    const args = [script, `file:${path}`, String(dimensions)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const { opened, searched, hits } = JSON.parse(stdout);
    if (hits !== 10) throw new Error(`A new process found ${hits} contexts rather than 10.`);
    console.error(`Open ${milliseconds(opened)}, with the first search ${milliseconds(searched)}`);
    times.push(searched);
  }
  const spread = spreadOf(times);
  const target = count === 100_000 ? { most: 1_500 } : {};
  const what = `open to first search${derives ? ", the store file alone" : ""}, ms`;
  return { what, value: spread.median, spread, ...target };
};

const folder = await mkdtemp(join(options.folder, "contextbase-bench-"));
try {
  printMachine();
  const data = makeVectors(count, dimensions, clustered);
  const [path, key] = [join(folder, "items.db"), randomBytes(32)];
  const url = `file:${path}`;
  const component = itemsOf(dimensions);
  const base = await openContextbase({ url, key, components: [component] });
  const started = stopwatch();
  await loadItems(base.store(component), data.rows);
  console.error(`${count.toLocaleString("en")} contexts stored in ${milliseconds(stopwatch() - started)}`);
  await base.close();

  const first = [await measureFirst(path, key, false), await measureFirst(path, key, true)];
  const ours = await openSearcher(url, key, dimensions);
  const exact = await buildExactSearch(data.rows);
  const others = [];
  for (const build of options["only-exact"]
    ? []
    : vectorPeers.filter((build) => build !== buildExactSearch)) {
    others.push(await build(data.rows));
    console.error(`Built: ${others.at(-1)?.name}`);
  }
  const lines = await measureVectors(data, { ours, exact, others }, { rounds, calls });
  await ours.close();
  for (const peer of others) peer.close();
  printLines([...lines, ...first]);
} finally {
  await rm(folder, { recursive: true, force: true });
}
