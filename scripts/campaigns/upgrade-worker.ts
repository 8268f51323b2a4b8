/**
 * A process of the campaign of upgrades: one that upgrades a store, or one that reads it meanwhile and looks at what it
 * reads. It says when it has begun, and is killed.
 *
 * node scripts/campaigns/upgrade-worker.ts upgrade|read URL CONTEXTS SEED
 */
import { setTimeout as sleep } from "node:timers/promises";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { upgrade } from "../../src/maintenance/upgrade.ts";
import { openEngine } from "../../src/open.ts";
import { key } from "./journal.ts";
import { createRandom } from "./random.ts";

const shared = { name: "Thing", indexes: ["content.n"] };

/** As it was, and as it is: an upgrade that is applied twice shows in `n`. */
export const Old = defineComponent(shared);
export const New = defineComponent({
  ...shared,
  schemaVersion: 2,
  upgrades: {
    2: { thing: ({ content }) => ({ content: { ...content, n: Number(content.n) + 1, unit: "pieces" } }) },
  },
});

export const idOf = (index: number): string => `thing ${index}`;

const send = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Reads a context now and then, alone, in a batch and by a filter. */
const read = async (url: string, contexts: number, seed: number): Promise<void> => {
  const random = createRandom(seed);
  const base = await openContextbase({ url, key, components: [New] });
  const things = base.store(New);
  send("begun");
  const look = (index: number, n: unknown, how: string): void => {
    if (n !== index + 1) send({ wrong: `${idOf(index)} read ${how} has n ${n}, not ${index + 1}` });
  };
  for (let count = 1; ; count++) {
    const index = random.below(contexts);
    look(index, (await things.retrieveContext(idOf(index)))?.content.n, "alone");
    const several = Array.from({ length: 5 }, () => random.below(contexts));
    const found = await things.retrieveContexts(several.map(idOf));
    for (const [at, one] of found.entries()) look(several[at] ?? 0, one?.content.n, "in a batch");
    const old = await things.retrieveContext(idOf(index), { version: 1 });
    look(index, old?.content.n, "by its version");
    if (count % 100 === 0) send({ reads: count });
    await sleep(20);
  }
};

const [what, url = "", contexts = "0", seed = "0"] = process.argv.slice(2);
if (what === "read") await read(url, Number(contexts), Number(seed));
if (what === "upgrade") {
  const engine = await openEngine(url, url.startsWith("file:") ? key : undefined);
  await engine.open([]);
  send("begun");
  send(await upgrade(engine, New));
  await engine.close();
}
