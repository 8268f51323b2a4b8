import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { randomContext } from "../../../scripts/campaigns/filter-cases.ts";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { limits } from "../../../src/base/limits.ts";
import { connect } from "../../../src/engine/sqlite/connection/connection.ts";
import { createFilling } from "../../../src/engine/sqlite/indexing/filling.ts";
import { createKeyPaths } from "../../../src/engine/sqlite/indexing/key-paths.ts";
import { defineComponent, openContextbase } from "../../../src/index.ts";
import { temporaryFolder } from "../../contract/engines.ts";
import { keyRows } from "./key-rows.ts";

const seed = Number(process.env.FILL_SEED ?? Date.now() % 2 ** 31);
const Thing = defineComponent({ name: "Thing" });
const indexes = ["content.a", "content.o.x\\.y", "metadata.a"];
const Indexed = defineComponent({ name: "Thing", indexes });

/** A store with contexts of two tenants, some of them changed and deleted. */
const makeStore = async (count: number): Promise<string> => {
  const path = join(temporaryFolder(), "store.db");
  const base = await openContextbase({ url: `file:${path}`, components: [Thing] });
  const random = createRandom(seed);
  for (const tenant of ["one", "two"]) {
    const store = base.as({ id: "me", tenant }).store(Thing);
    const ids = Array.from({ length: count }, (_, at) => `${at}`);
    await store.storeContexts(ids.map((id) => randomContext(random, id)));
    await store.storeContexts(
      ids.filter((id) => Number(id) % 7 === 0).map((id) => randomContext(random, id)),
    );
    await store.deleteContext("3");
  }
  await base.close();
  return path;
};

const open = (path: string) => {
  const database = connect({ path, key: undefined }, 5_000);
  onTestFinished(() => void database.close());
  return database;
};

it(`[Q1] rows are exactly what the contexts say, whatever is stored, changed and deleted (FILL_SEED=${seed})`, async () => {
  const path = join(temporaryFolder(), "store.db");
  const base = await openContextbase({ url: `file:${path}`, components: [Indexed] });
  const random = createRandom(seed);
  const store = base.store(Indexed);
  for (let turn = 0; turn < 30; turn++) {
    const ids = new Set(Array.from({ length: random.pick([1, 3, 200]) }, () => `${random.below(300)}`));
    await store.storeContexts([...ids].map((id) => randomContext(random, id)));
    await store.deleteContext(`${random.below(300)}`);
  }
  await base.close();
  const { kept, due } = keyRows(open(path), "Thing", indexes);
  expect(kept).toEqual(due);
  expect(kept.length).toBeGreaterThan(300);
});

it(`[Q1] filling is killed again and again, goes on where it was, and ends with every row (FILL_SEED=${seed})`, async () => {
  const path = await makeStore(3_000);
  const file = fileURLToPath(new URL("./filling-process.ts", import.meta.url));
  const random = createRandom(seed);
  const database = open(path);
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, [file, path, ...indexes], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await sleep(random.below(100));
    child.kill("SIGKILL");
    await once(child, "exit");
    const { kept, due } = keyRows(database, "Thing", indexes);
    const known = new Set(due);
    expect(kept.filter((row) => !known.has(row))).toEqual([]);
  }
  const base = await openContextbase({ url: `file:${path}`, components: [Indexed] });
  const store = base.as({ id: "me", tenant: "two" }).store(Indexed);
  const options = { where: { "content.a": "a" }, explain: true, limit: 1 };
  while ((await store.listContexts(options)).plan?.[0]?.way !== "key rows") await sleep(20);
  await base.close();
  const { kept, due } = keyRows(database, "Thing", indexes);
  expect(kept).toEqual(due);
});

it("[Q1] an index that no opening declares for a month goes, and one that comes back meanwhile is filled anew", async () => {
  const path = await makeStore(50);
  const database = open(path);
  const paths = createKeyPaths(database);
  const step = createFilling(database);
  const finish = (): void => {
    while (step());
  };
  const described = (component: typeof Thing) => [
    { name: "Thing", schemaVersion: 1, description: JSON.stringify(component.describe()) },
  ];
  const declare = (component: typeof Thing, now: number): void =>
    paths.note(paths.due(described(component), now), now);
  const filled = () => paths.of("Thing").map(({ path, filled }) => [path.text, filled]);
  const all = indexes.map((path) => [path, true]);

  declare(Indexed, 0);
  finish();
  expect(filled()).toEqual(all);
  // Two versions of a program take turns.
  declare(Thing, limits.undeclaredIndexMilliseconds - 1);
  expect(filled()).toEqual(all);
  declare(Thing, limits.undeclaredIndexMilliseconds + 1);
  expect(filled()).toEqual([]);
  step();
  declare(Indexed, limits.undeclaredIndexMilliseconds + 2);
  finish();
  expect(filled()).toEqual(all);
  expect(keyRows(database, "Thing", indexes).kept).toEqual(keyRows(database, "Thing", indexes).due);
  declare(Thing, 2 * limits.undeclaredIndexMilliseconds + 3);
  finish();
  expect([filled(), keyRows(database, "Thing", []).kept]).toEqual([[], []]);
});
