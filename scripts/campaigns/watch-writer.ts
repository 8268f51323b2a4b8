/**
 * One of the writing processes of `watch.ts`: node watch-writer.ts URL TENANT NAME SEED LANES SECONDS. It writes
 * without pause in several lanes, and then tells stdout how many versions it made, as far as it knows.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ContextbaseError } from "../../src/index.ts";
import { createRandom } from "./random.ts";
import { components, ids, open } from "./watch-shared.ts";

const [url = "", tenant = "", name = "", seed = "0", lanes = "1", seconds = "1"] = process.argv.slice(2);
const random = createRandom(Number(seed));
const base = await open(url);
const view = base.as({ id: name, tenant });
const stores = components.map((component) => view.store(component));
const told = { acknowledged: 0, refused: {} as Record<string, number> };
let writing = true;
setTimeout(() => {
  writing = false;
}, Number(seconds) * 1_000);

const contextOf = (id: string) => ({ id, type: random.pick(["even", "odd"]), content: { by: name } });

/** @returns how many versions it made */
const writeOnce = async (): Promise<number> => {
  const store = random.pick(stores);
  const id = random.pick(ids);
  const chance = random.below(100);
  if (chance < 60) {
    await store.storeContext(contextOf(id));
    return 1;
  }
  if (chance < 80) return (await store.deleteContext(id)) ? 1 : 0;
  // Now and then so many that they go another way than single ones do.
  const count = chance < 99 ? 2 + random.below(20) : 200;
  const first = random.below(ids.length - count);
  const stored = await store.storeContexts(ids.slice(first, first + count).map(contextOf));
  return stored.length;
};

const lane = async (): Promise<void> => {
  while (writing) {
    try {
      const made = await writeOnce();
      told.acknowledged += made;
    } catch (cause) {
      if (!(cause instanceof ContextbaseError)) throw cause;
      told.refused[cause.code] = (told.refused[cause.code] ?? 0) + 1;
      await sleep(100);
    }
  }
};

await Promise.all(Array.from({ length: Number(lanes) }, lane));
await base.close();
process.stdout.write(JSON.stringify(told));
