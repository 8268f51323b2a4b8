/**
 * Many writers of one context at once, each adding to a field of its own and to one counter: nothing may be lost. Then
 * the same puts without conflicts, each writer on a context of its own. Prints the rates of both, and their ratio.
 *
 * node scripts/campaigns/merge-load.ts [--writers 32] [--updates 10000] [--repeats 3] [--least 0.3]
 *   [--url postgres://…]
 *
 * --url: the url of an empty store, in which each round is a tenant of its own; left out: encrypted files. --least: it
 * fails where the median ratio is lower.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type ContextStore, defineComponent, openContextbase } from "../../src/index.ts";

const { values } = parseArgs({
  options: {
    writers: { type: "string", default: "32" },
    updates: { type: "string", default: "10000" },
    repeats: { type: "string", default: "3" },
    least: { type: "string", default: "0" },
    url: { type: "string" },
  },
});
const [writers, updates, repeats] = [Number(values.writers), Number(values.updates), Number(values.repeats)];
const each = Math.ceil(updates / writers);
const folder = mkdtempSync(join(tmpdir(), "contextbase-merges-"));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const Board = defineComponent({
  name: "Board",
  types: { board: z.object({ total: z.number(), fields: z.record(z.string(), z.number()) }) },
  searchText: [],
  merge: { "content.total": "sum" },
});
type Boards = ContextStore<typeof Board>;

const nameOf = (writer: number): string => `writer${writer}`;
const start = {
  total: 0,
  fields: Object.fromEntries(Array.from({ length: writers }, (_, at) => [nameOf(at), 0])),
};

/** What a writer does each time: it reads, adds, and stores as the version after the one that it read. */
const addOnce = async (boards: Boards, id: string, writer: number): Promise<void> => {
  const { version, content, ...context } = await boards.getContext(id);
  const name = nameOf(writer);
  const fields = { ...content.fields, [name]: (content.fields[name] ?? 0) + 1 };
  const next = { ...context, content: { total: content.total + 1, fields }, version: version + 1 };
  await boards.storeContext(next, { onConflict: "merge" });
};

/** @returns updates a second */
const measure = async (boards: Boards, idOf: (writer: number) => string): Promise<number> => {
  const ids = new Set(Array.from({ length: writers }, (_, writer) => idOf(writer)));
  await boards.storeContexts([...ids].map((id) => ({ id, type: "board", content: start })));
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let done = 0; done < each; done++) await addOnce(boards, idOf(writer), writer);
    }),
  );
  return (writers * each) / ((performance.now() - begun) / 1_000);
};

const check = async (boards: Boards): Promise<string | undefined> => {
  const { version, content } = await boards.getContext("shared");
  const lost = Object.entries(content.fields).filter(([, count]) => count !== each);
  const wanted = writers * each;
  if (lost.length > 0) return `fields lost updates: ${JSON.stringify(lost)}`;
  if (content.total !== wanted) return `the counter is ${content.total}, not ${wanted}`;
  return version === wanted + 1 ? undefined : `version ${version} is current, not ${wanted + 1}`;
};

const key = values.url === undefined ? new Uint8Array(32).fill(7) : undefined;
const ratios: number[] = [];
let wrong = 0;
for (let round = 0; round < repeats; round++) {
  const url = values.url ?? `file:${join(folder, `${round}.db`)}`;
  const base = await openContextbase({ url, key, components: [Board] });
  const boards = base.as({ id: "load", tenant: `merge-load-${process.pid}-${round}` }).store(Board);
  const alone = await measure(boards, nameOf);
  const merged = await measure(boards, () => "shared");
  const problem = await check(boards);
  if (problem) wrong++;
  ratios.push(merged / alone);
  say(
    `${writers} writers, ${writers * each} updates: without conflicts ${alone.toFixed(0)}/s, merged ${merged.toFixed(0)}/s, ` +
      `ratio ${(merged / alone).toFixed(2)}; ${problem ?? "nothing lost"}`,
  );
  await base.close();
}
rmSync(folder, { recursive: true, force: true });
const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
say(`median ratio ${median.toFixed(2)}, ${wrong} rounds lost something`);
process.exitCode = wrong === 0 && median >= Number(values.least) ? 0 : 1;
