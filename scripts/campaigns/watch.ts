/**
 * Many writers in several processes write to one store, while watchers of it are killed with `kill -9` at random
 * and go on behind the last change that they recorded. In the end each must have been told every change once, in
 * order.
 *
 * node scripts/campaigns/watch.ts [--url URL] [--seconds 60] [--processes 4] [--lanes 16] [--watchers 4] [--seed N]
 *
 * Without a url it writes to a new encrypted file. A store that is named must be there, and gets a tenant of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "./random.ts";
import { checkAll, checkPart, readHistories } from "./watch-check.ts";
import { components, open, readRecord, type Told } from "./watch-shared.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    seconds: { type: "string", default: "60" },
    processes: { type: "string", default: "4" },
    lanes: { type: "string", default: "16" },
    watchers: { type: "string", default: "4" },
    seed: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const folder = mkdtempSync(join(tmpdir(), "contextbase-watch-"));
const url = values.url ?? `file:${join(folder, "store.db")}`;
const tenant = `watch-${seed}-${process.pid}`;

/** How long the watchers have for what is left when the writers are done. */
const catchUpMilliseconds = 120_000;

const start = (name: string, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

type Written = { readonly acknowledged: number; readonly refused: Readonly<Record<string, number>> };

/** A process that writes until the time is over. */
const write = async (name: string): Promise<Written> => {
  const child = start(
    "watch-writer",
    url,
    tenant,
    name,
    String(random.below(2 ** 31)),
    values.lanes,
    values.seconds,
  );
  const [said] = await Promise.all([child.stdout ? text(child.stdout) : "", once(child, "exit")]);
  if (child.exitCode !== 0) throw new Error(`The writer ${name} ended by itself: ${child.exitCode}.`);
  return JSON.parse(said);
};

/** The watchers: the first, and every other one after it, of everything; the rest each of a component. */
const watchers = Array.from({ length: Number(values.watchers) }, (_, n) => ({
  file: join(folder, `watcher-${n}.jsonl`),
  component: n % 2 === 0 ? undefined : components[(n >> 1) % components.length]?.name,
}));

const toldOf = (file: string): Told[] => readRecord(existsSync(file) ? readFileSync(file, "utf8") : "").told;

let kills = 0;
let writing = true;
const violations: string[] = [];
const writersDone = Promise.withResolvers<void>();
const watchersDone = Promise.withResolvers<void>();

/** Some die before they were told anything, most after. */
const timeToDie = async (child: ChildProcess): Promise<void> => {
  if (child.stdout && random.below(5) > 0)
    await Promise.race([once(child.stdout, "data"), writersDone.promise]);
  await sleep(random.below(1_500));
};

/** Lets a watcher run, and kills it again and again; one that begins after all is written runs to the end. */
const runWatcher = async ({ file, component }: (typeof watchers)[number]): Promise<void> => {
  for (let last = false; !last; ) {
    last = !writing;
    const child = start("watch-watcher", url, tenant, file, ...(component ? [component] : []));
    const exited = once(child, "exit");
    child.stdout?.resume();
    await Promise.race([last ? watchersDone.promise : timeToDie(child), exited]);
    if (child.exitCode !== null) violations.push(`a watcher ended by itself: ${child.exitCode}`);
    child.kill("SIGKILL");
    await exited;
    if (child.exitCode !== null) return;
    if (!last) kills++;
    // Now and then much is written until it comes back.
    if (!last && random.below(3) === 0) await sleep(random.below(1_000));
  }
};

/** Resolves once every watcher was told the last change that is there for it, or the time for that is over. */
const caughtUp = async (histories: ReadonlySet<string>): Promise<void> => {
  const due = (component: string | undefined): number =>
    [...histories].filter((line) => !component || JSON.parse(line)[0] === component).length;
  const dues = watchers.map(({ component }) => due(component));
  for (const end = Date.now() + catchUpMilliseconds; Date.now() < end; await sleep(500)) {
    if (watchers.every(({ file }, n) => toldOf(file).length >= (dues[n] ?? 0))) return;
  }
};

process.stderr.write(`seed ${seed}, tenant ${tenant}\n`);
const base = await open(url);
const watched = watchers.map(runWatcher);
const written = await Promise.all(
  Array.from({ length: Number(values.processes) }, (_, n) => write(`writer-${n}`)),
);
writing = false;
writersDone.resolve();
const histories = await readHistories(base.as({ id: "checker", tenant }));
await caughtUp(histories);
watchersDone.resolve();
await Promise.all(watched);
await base.close();

const all = toldOf(watchers[0]?.file ?? "");
violations.push(...checkAll(all, histories));
for (const { file, component } of watchers.slice(1)) {
  const told = toldOf(file);
  violations.push(...(component ? checkPart(told, component, all) : checkAll(told, histories)));
}
const acknowledged = written.reduce((sum, one) => sum + one.acknowledged, 0);
if (acknowledged > all.length) violations.push(`${acknowledged} acknowledged, ${all.length} told`);
const refused = written
  .flatMap((one) => Object.entries(one.refused))
  .map(([code, count]) => `${count} ${code}`);
if (violations.length > 0) {
  process.stderr.write(`${violations.slice(0, 20).join("\n")}\nThe records are kept in ${folder}.\n`);
} else {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(
  `${values.processes} processes with ${values.lanes} writers each made ${all.length} changes in ${values.seconds} s ` +
    `(${acknowledged} acknowledged; refused by name: ${refused.join(", ") || "none"}); ${watchers.length} watchers, ` +
    `killed ${kills} times, each to be told every change of its own once, in order: ` +
    `${violations.length} violations (seed ${seed})\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
