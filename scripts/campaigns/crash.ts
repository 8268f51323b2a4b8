/**
 * Kills two processes with `kill -9` while they write to one encrypted file, again and again, and checks after
 * each kill that nothing acknowledged is lost and nothing is there in part.
 *
 * node scripts/campaigns/crash.ts [--cycles 300] [--seed N]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openContextbase } from "../../src/index.ts";
import { checkFile, checkStore, type Tally } from "./check-store.ts";
import { type Intent, key, type Line, type Outcome, Thing } from "./journal.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: { cycles: { type: "string", default: "300" }, seed: { type: "string" } },
});
const cycles = Number(values.cycles);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);

/** A new file every so many cycles, so that everything in it can be checked after each. */
const cyclesPerFile = 5;

const writerFile = fileURLToPath(new URL("./crash-writer.ts", import.meta.url));
const violations: string[] = [];
const total = { acknowledged: 0, landed: 0, absent: 0, versions: 0, contexts: 0 };
const refusals = new Map<string, number>();
let intents = new Map<string, Intent>();
let outcomes = new Map<string, Outcome>();

type Writer = { readonly child: ChildProcess; readonly told: Promise<void>; readonly began: Promise<void> };

const record = (line: Line): void => {
  if (line.kind === "intent") intents.set(line.write, line);
  else if (line.kind === "violation") violations.push(line.what);
  else outcomes.set(line.write, line);
};

const startWriter = (path: string, name: string): Writer => {
  const writerSeed = String(random.below(2 ** 31));
  const child = spawn(process.execPath, [writerFile, path, name, writerSeed], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const began = Promise.withResolvers<void>();
  const lines = createInterface({ input: child.stdio[3] as Readable });
  lines.on("line", (text) => {
    // Every line but one that the kill cut short is whole, and that one is the last.
    try {
      record(JSON.parse(text));
    } catch {
      return;
    }
    began.resolve();
  });
  const told = Promise.all([once(lines, "close"), once(child, "exit")]).then(() => {
    began.resolve();
    if (child.signalCode !== "SIGKILL") violations.push(`a writer ended by itself: ${child.exitCode}`);
  });
  return { child, told, began: began.promise };
};

const kill = async ({ child, told }: Writer): Promise<void> => {
  child.kill("SIGKILL");
  await told;
};

const cycle = async (path: string): Promise<void> => {
  const writers = [startWriter(path, "left"), startWriter(path, "right")];
  await Promise.all(writers.map(({ began }) => began));
  await sleep(50 + random.below(600));
  const [first, second] = random.below(2) ? writers : writers.toReversed();
  if (!first || !second) return;
  const killing = kill(first);
  // Half the time the other one goes on for a while, through whatever the first one left half done.
  if (random.below(2)) await sleep(random.below(300));
  await Promise.all([killing, kill(second)]);
};

const check = async (path: string, tally: Tally): Promise<string[]> => {
  const base = await openContextbase({ url: `file:${path}`, key, components: [Thing] });
  try {
    return await checkStore(base, { intents, outcomes }, tally);
  } finally {
    await base.close();
  }
};

process.stderr.write(`seed ${seed}\n`);
const folder = mkdtempSync(join(tmpdir(), "contextbase-crash-"));
let tally: Tally = { contexts: 0, versions: 0, landed: 0, absent: 0 };
const finishFile = (): void => {
  total.acknowledged += [...outcomes.values()].filter(({ kind }) => kind === "acknowledged").length;
  for (const outcome of outcomes.values()) {
    if (outcome.kind === "refused") refusals.set(outcome.code, (refusals.get(outcome.code) ?? 0) + 1);
  }
  total.landed += tally.landed;
  total.absent += tally.absent;
  total.versions += tally.versions;
  total.contexts += tally.contexts;
};
for (let n = 0; n < cycles; n++) {
  const path = join(folder, `store-${Math.floor(n / cyclesPerFile)}.db`);
  if (n > 0 && n % cyclesPerFile === 0) {
    finishFile();
    intents = new Map();
    outcomes = new Map();
  }
  await cycle(path);
  tally = { contexts: 0, versions: 0, landed: 0, absent: 0 };
  const wrong = await check(path, tally).catch((cause: unknown) => [
    `the store does not open: ${String(cause)}`,
  ]);
  wrong.push(...checkFile(path));
  violations.push(...wrong.map((what) => `cycle ${n + 1}: ${what}`));
  process.stderr.write(
    `cycle ${n + 1}/${cycles}: ${outcomes.size} answers, ${tally.versions} versions, ${violations.length} violations\n`,
  );
  if (violations.length > 0) {
    const kept = join(tmpdir(), `contextbase-crash-${seed}`);
    cpSync(folder, kept, { recursive: true });
    process.stderr.write(`${violations.slice(0, 20).join("\n")}\nThe files are kept in ${kept}.\n`);
    break;
  }
}
finishFile();
const refused = [...refusals].map(([code, count]) => `${count} ${code}`).join(", ") || "none";
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${cycles} cycles of kill -9: ${total.acknowledged} writes acknowledged and all there; of ${total.landed + total.absent} ` +
    `others ${total.landed} there wholly and ${total.absent} not at all (refused by name: ${refused}); ` +
    `${total.versions} versions of ${total.contexts} contexts without a gap; ${violations.length} violations (seed ${seed})\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
