/**
 * Searches while 64 writers write, each with its own ids. No hit may be deleted, superseded by a write that returned
 * before the search was called, or anything but what was searched for; and what was not written meanwhile is found.
 * Then, in a store of many contexts, how late the event loop is while it is searched.
 *
 * node scripts/campaigns/search-load.ts [--url URL] [--searches 10000] [--writers 64] [--rows 100000] [--seconds 20]
 *   [--seed N]
 *
 * Without a url it uses new encrypted files. A store that is named must be there, and gets a tenant of its own; the
 * event loop is measured in a file alone. `--rows 0` leaves that out.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openContextbase } from "../../src/index.ts";
import { createRandom } from "./random.ts";
import { chooseCheck, violationsOf } from "./search-check.ts";
import { measureDelays } from "./search-delay.ts";
import { Fact } from "./search-states.ts";
import { createWriters } from "./search-writers.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    searches: { type: "string", default: "10000" },
    writers: { type: "string", default: "64" },
    rows: { type: "string", default: "100000" },
    seconds: { type: "string", default: "20" },
    seed: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const folder = mkdtempSync(join(tmpdir(), "contextbase-search-load-"));
const url = values.url ?? `file:${join(folder, "facts.db")}`;
const idsEach = 40;
const searchers = 4;
const mostLateMilliseconds = 10;

const checkSearches = async (): Promise<string[]> => {
  const key = url.startsWith("file:") ? randomBytes(32) : undefined;
  await using base = await openContextbase({ url, key, components: [Fact] });
  const store = base.as({ id: "searcher", tenant: `search-load-${seed}-${process.pid}` }).store(Fact);
  const writers = createWriters(store, { seed, writers: Number(values.writers), idsEach });
  const { ledger } = writers;
  await writers.fill();
  const written = writers.run();
  const violations: string[] = [];
  let [searches, hits] = [0, 0];
  const searcher = async (): Promise<void> => {
    while (searches < Number(values.searches)) {
      searches++;
      const check = chooseCheck(random, seed, ledger);
      const before = ledger.acknowledged.slice();
      const found = await store.searchContexts(check.options);
      hits += found.length;
      const wrong = violationsOf(check, found, seed, before, ledger);
      const asked = JSON.stringify({ ...check.options, embeddings: check.options.embeddings?.length });
      violations.push(...wrong.map((what) => `${asked}: ${what}`));
    }
  };
  await Promise.all(Array.from({ length: searchers }, searcher));
  writers.stop();
  console.log(
    `${searches} searches with ${hits} hits while ${values.writers} writers made ${await written} versions: ` +
      `${violations.length} violations (seed ${seed})`,
  );
  return violations;
};

const checkDelays = async (): Promise<string[]> => {
  const { idle, first, searching, searches } = await measureDelays(
    folder,
    Number(values.rows),
    Number(values.seconds),
  );
  const inWords = (delay: number): string => `${delay.toFixed(2)} ms`;
  console.log(
    `Event loop, p99.9 of its delays at ${values.rows} contexts: idle ${inWords(idle)}, during the first search ` +
      `${inWords(first)}, during ${searches} searches ${inWords(searching)}`,
  );
  const slow = Math.max(first, searching) - idle;
  return slow > mostLateMilliseconds ? [`The event loop is late by ${inWords(slow)} more than idle`] : [];
};

try {
  console.error(`seed ${seed}`);
  const violations = [...(await checkSearches()), ...(Number(values.rows) > 0 ? await checkDelays() : [])];
  console.log(violations.slice(0, 20).join("\n") || "pass");
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
