/**
 * Kills processes with `kill -9` while they write, search, and build, save and compact what they search by, another
 * process on the same file beside them, and looks each time whether the next opening answers right.
 *
 * node scripts/campaigns/search-crash.ts [--rounds 100] [--contexts 3000] [--most 1500] [--seed N]
 *
 * --contexts: of so many ids; --most: so many milliseconds at the most until a process is killed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openContextbase } from "../../src/index.ts";
import { startStore } from "../../test/faults/processes.ts";
import { searchProblems, Thing } from "../../test/faults/search-checks.ts";
import { key } from "./journal.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    contexts: { type: "string", default: "3000" },
    most: { type: "string", default: "1500" },
    seed: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const contexts = Number(values.contexts);
const folder = mkdtempSync(join(tmpdir(), "contextbase-search-crash-"));
const path = join(folder, "store.db");
const topics = 5;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const writeAndKill = async (round: number): Promise<void> => {
  const processes = await Promise.all([0, 1].map(() => startStore(path, key.toString("base64"))));
  await Promise.all(processes.map(({ call }) => call("search", { text: "common" })));
  for (const { call } of processes) {
    const first = random.below(contexts);
    const ids = Array.from({ length: 1 + random.below(contexts) }, (_, at) => `f${(first + at) % contexts}`);
    void call("batch", { ids, content: { text: `common round${round}x topic${round % topics}x` } });
    void call("search", { text: `round${round}x` });
  }
  for (const { kill } of processes) {
    await sleep(random.below(Number(values.most)));
    await kill();
  }
};

say(`Seed ${seed}`);
let problems: string[] = [];
for (let round = 1; round <= Number(values.rounds) && problems.length === 0; round++) {
  await writeAndKill(round);
  const base = await openContextbase({ url: `file:${path}`, key, components: [Thing] });
  problems = await searchProblems(base, Thing);
  await base.close();
  if (round % 10 === 0) say(`${round} rounds`);
}
if (problems.length === 0) {
  rmSync(folder, { recursive: true, force: true });
  say("Every search was right.");
} else {
  say(`${problems.join("\n")}\nThe store is kept in ${folder}.`);
  process.exitCode = 1;
}
