/**
 * Moves a store with histories into another one and back, kills both ways again and again with `kill -9`, and
 * compares what arrived with what was there.
 *
 * node scripts/campaigns/move.ts [--contexts 200000] [--kills 10] [--to postgres://…] [--from file:…] [--seed N]
 *
 * --to: what to move through, the owner's url of an empty store; left out: an encrypted file. --from: what to move;
 * left out: a store that is made for it. A file named by either has its key beside it, as the command line has it.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ContextInput, defineComponent, encodeContext, openContextbase } from "../../src/index.ts";
import { key } from "./journal.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    contexts: { type: "string", default: "200000" },
    kills: { type: "string", default: "10" },
    from: { type: "string" },
    to: { type: "string" },
    seed: { type: "string" },
  },
});
const Thing = defineComponent({ name: "Thing", embeddings: { dimensions: 32 } });
const contexts = Number(values.contexts);
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const folder = mkdtempSync(join(tmpdir(), "contextbase-move-"));
const program = fileURLToPath(new URL("../../bin/contextbase.js", import.meta.url));
const tenants = ["default", "left", "right", "ünïcode'%_"];
const batchContexts = 1_000;
/** What the writer thread takes to begin, about. */
const startMilliseconds = 300;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/** A file with its key beside it, where the command line looks for it. */
const fileUrl = (name: string): string => {
  writeFileSync(join(folder, `${name}.key`), key.toString("base64"), { mode: 0o600 });
  return `file:${join(folder, `${name}.db`)}`;
};

const contextOf = (id: string, round: number): ContextInput & { readonly id: string } => ({
  id,
  type: random.pick(["even", "odd"]),
  content: {
    round,
    number: random.below(1_000_000),
    text: `${id} in round ${round} `.repeat(random.below(20)),
  },
  metadata: { source: random.pick(["one", "two"]) },
  ...(random.below(4) === 0 && { embeddings: Array.from({ length: 32 }, () => random.below(1_000) / 7 + 1) }),
});

/** Each context gets a version, two of three a second one, some more, deletions and new beginnings among them. */
const makeStore = async (url: string): Promise<void> => {
  const base = await openContextbase({ url, key, components: [Thing], cacheBytes: 0 });
  const share = Math.ceil(contexts / tenants.length);
  for (const tenant of tenants) {
    const things = base.as({ id: "maker", tenant }).store(Thing);
    const store = async (ids: readonly string[], round: number): Promise<void> => {
      for (let at = 0; at < ids.length; at += batchContexts) {
        await things.storeContexts(ids.slice(at, at + batchContexts).map((id) => contextOf(id, round)));
      }
    };
    const ids = Array.from({ length: share }, (_, n) => `c${n}`);
    await store(ids, 1);
    await store(
      ids.filter(() => random.below(3) > 0),
      2,
    );
    const deleted = ids.filter(() => random.below(20) === 0);
    await Promise.all(deleted.map((id) => things.deleteContext(id)));
    await store(
      deleted.filter(() => random.below(2)),
      3,
    );
    const long = ids.slice(0, Math.ceil(share / 500));
    for (let round = 4; round < 84; round++) await store(long, round);
  }
  await base.close();
};

const moveWords = (from: string, to: string): string[] => [
  program,
  "move",
  "--from",
  from,
  "--to",
  to,
  "--json",
];

/** @returns how often it was killed */
const moveThroughKills = async (from: string, to: string): Promise<number> => {
  for (let killed = 0; killed < kills; killed++) {
    const child = spawn(process.execPath, moveWords(from, to), {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "exit");
    await Promise.race([once(child.stderr, "data"), ended]);
    child.stderr.resume();
    await Promise.race([sleep(startMilliseconds + random.below(contexts / 50)), ended]);
    if (child.exitCode !== null) return killed;
    child.kill("SIGKILL");
    await ended;
  }
  return kills;
};

/** @returns the last line of what the command said, where it failed; else each tenant's hash */
const finishMove = async (from: string, to: string): Promise<string> => {
  const child = spawn(process.execPath, moveWords(from, to), {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  say(err.trimEnd().split("\n").at(-1) ?? "");
  if (code !== 0) throw new Error(`move ended with ${code}: ${err}`);
  const lines: { tenant: string; hash: string }[] = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return lines.map(({ tenant, hash }) => `${tenant} ${hash}`).join("\n");
};

/** The hash of what a store exports, every tenant of it. */
const exportHash = async (url: string): Promise<string> => {
  const base = await openContextbase({
    url,
    ...(url.startsWith("file:") && { key }),
    components: [Thing],
    cacheBytes: 0,
  });
  const hash = createHash("sha256");
  for (const tenant of tenants) {
    const things = base.as({ id: "reader", tenant }).store(Thing);
    let cursor: string | undefined;
    do {
      const page = await things.listContexts({ limit: 1_000, cursor });
      for (const context of page.contexts) hash.update(`${JSON.stringify(encodeContext(context))}\n`);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
  await base.close();
  return hash.digest("hex");
};

say(`seed ${seed}`);
const from = values.from ?? fileUrl("from");
const through = values.to ?? fileUrl("through");
const back = fileUrl("back");
try {
  let since = performance.now();
  if (values.from === undefined) await makeStore(from);
  say(`made ${contexts} contexts: ${seconds(since)}`);
  const wrong: string[] = [];
  const told: string[] = [];
  let before: string | undefined;
  for (const [source, target] of [
    [from, through],
    [through, back],
  ] as const) {
    since = performance.now();
    const killed = await moveThroughKills(source, target);
    const hashes = await finishMove(source, target);
    told.push(`${killed} kills, ${seconds(since)}`);
    if (before !== undefined && hashes !== before)
      wrong.push(`the hashes are others: ${before}, then ${hashes}`);
    before = hashes;
    if (values.from === undefined && (await exportHash(target)) !== (await exportHash(from))) {
      wrong.push(`what ${target === back ? "came back" : "arrived"} is exported otherwise`);
    }
  }
  for (const line of wrong) say(line);
  process.stdout.write(
    `moved ${contexts} contexts there (${told[0]}) and back (${told[1]}): ${wrong.length} differences (seed ${seed})\n`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
