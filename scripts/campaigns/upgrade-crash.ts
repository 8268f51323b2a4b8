/**
 * Loads a store, upgrades all of it in processes that are killed with `kill -9` at random moments and started again,
 * while another process reads; then looks whether every context was upgraded exactly once, and rolls it back.
 *
 * node scripts/campaigns/upgrade-crash.ts [--contexts 1000000] [--kills 20] [--url postgres://…] [--seed N] [--quiet]
 *
 * --url: the owner's url of an empty store; left out: an encrypted file. --quiet: nobody reads meanwhile.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Engine, openContextbase } from "../../src/index.ts";
import { rollBackUpgrade } from "../../src/maintenance/upgrade-originals.ts";
import { openEngine } from "../../src/open.ts";
import { key } from "./journal.ts";
import { createRandom } from "./random.ts";
import { idOf, New, Old } from "./upgrade-worker.ts";

const { values } = parseArgs({
  options: {
    contexts: { type: "string", default: "1000000" },
    kills: { type: "string", default: "20" },
    url: { type: "string" },
    seed: { type: "string" },
    quiet: { type: "boolean", default: false },
  },
});
const contexts = Number(values.contexts);
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const folder = mkdtempSync(join(tmpdir(), "contextbase-upgrade-"));
const url = values.url ?? `file:${join(folder, "store.db")}`;
const worker = fileURLToPath(new URL("./upgrade-worker.ts", import.meta.url));
const batchContexts = 2_000;
const tenant = "default";

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rateOf = (milliseconds: number): number => Math.round((contexts / milliseconds) * 1_000);
const problems: string[] = [];

/** @returns milliseconds */
const load = async (): Promise<number> => {
  const base = await openContextbase({ url, key, components: [Old] });
  const things = base.store(Old);
  const began = performance.now();
  for (let first = 0; first < contexts; first += batchContexts) {
    const length = Math.min(batchContexts, contexts - first);
    await things.storeContexts(
      Array.from({ length }, (_, at) => ({
        id: idOf(first + at),
        type: "thing",
        content: {
          n: first + at,
          text: `thing ${first + at} of many, which all say ${"the same ".repeat(20)}`,
        },
      })),
    );
  }
  const took = performance.now() - began;
  await base.close();
  return took;
};

type Worker = { readonly child: ChildProcess; readonly lines: AsyncIterator<string> };

const start = async (what: "upgrade" | "read"): Promise<Worker> => {
  const words = [worker, what, url, String(contexts), String(seed)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return { child, lines };
};

const kill = async ({ child }: Worker): Promise<void> => {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
};

/** Notes what a reader finds. */
const watchReader = async ({ lines }: Worker): Promise<number> => {
  let reads = 0;
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const told = JSON.parse(line.value);
    if (told.wrong) problems.push(told.wrong);
    reads = told.reads ?? reads;
  }
  return reads;
};

/** @param least milliseconds that all of it takes at the least @returns how long it worked, in milliseconds */
const upgradeAndKill = async (least: number): Promise<number> => {
  let took = 0;
  for (let killed = 0; ; killed++) {
    const upgrading = await start("upgrade");
    const began = performance.now();
    const done = upgrading.lines.next();
    const wait = killed < kills ? random.below((1.6 * least) / (kills + 1)) : Number.POSITIVE_INFINITY;
    const ended = await Promise.race([done, Number.isFinite(wait) ? sleep(wait) : done]);
    took += performance.now() - began;
    if (ended) {
      say(`killed ${killed} times; the last run: ${ended.value}`);
      const { left, failed } = JSON.parse(ended.value);
      if (left !== 0 || failed !== 0) problems.push(`${left} were left, ${failed} failed`);
      return took;
    }
    await kill(upgrading);
  }
};

/** Looks at all that is stored. */
const check = async (engine: Engine, schemaVersion: number, more: number): Promise<void> => {
  let count = 0;
  let after: Awaited<ReturnType<Engine["list"]>>["next"];
  do {
    const query = { tenant, component: "Thing", type: undefined, where: undefined, order: undefined };
    const page = await engine.list({ ...query, limit: 1_000, after });
    for (const stored of page.contexts) {
      count++;
      const index = Number(stored.id.slice("thing ".length));
      const { n } = JSON.parse(stored.content);
      const fits = n === index + more && stored.schemaVersion === schemaVersion && stored.version === 1;
      if (!fits)
        problems.push(`${stored.id} is n ${n}, schema ${stored.schemaVersion}, version ${stored.version}`);
    }
    after = page.next;
  } while (after !== undefined);
  if (count !== contexts) problems.push(`${count} contexts are there, not ${contexts}`);
};

const checkFilters = async (): Promise<void> => {
  const base = await openContextbase({ url, key, components: [New] });
  for (let look = 0; look < 100; look++) {
    const index = random.below(contexts);
    const { contexts: found } = await base.store(New).listContexts({ where: { "content.n": index + 1 } });
    if (found.map(({ id }) => id).join() !== idOf(index)) problems.push(`n ${index + 1} is not found`);
  }
  await base.close();
};

say(`Seed ${seed}`);
const loaded = await load();
say(`loaded ${contexts} in ${Math.round(loaded)} ms: ${rateOf(loaded)}/s`);
const reader = values.quiet ? undefined : await start("read");
const reading = reader && watchReader(reader);
const took = await upgradeAndKill(loaded);
const ratio = (loaded / took).toFixed(2);
say(`upgraded in ${Math.round(took)} ms, what was lost included: ${rateOf(took)}/s, ${ratio} of the load`);
if (reader) {
  await kill(reader);
  say(`read ${await reading} times meanwhile`);
}
const engine = await openEngine(url, values.url ? undefined : key);
await engine.open([]);
await check(engine, 2, 1);
await checkFilters();
const began = performance.now();
const { restored, kept } = await rollBackUpgrade(engine, "Thing");
const back = performance.now() - began;
say(`rolled back in ${Math.round(back)} ms: ${rateOf(back)}/s`);
if (restored !== contexts || kept.length > 0) problems.push(`${restored} were restored, ${kept.length} not`);
await check(engine, 1, 0);
await engine.close();
if (problems.length === 0) {
  rmSync(folder, { recursive: true, force: true });
  say("Every context was upgraded once, and rolled back.");
} else {
  say(`${problems.slice(0, 20).join("\n")}\n${problems.length} problems. The store is kept: ${url}`);
  process.exitCode = 1;
}
