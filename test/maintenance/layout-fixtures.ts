import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { fixtureComponents, fixtureKey, readFixture } from "../../scripts/layout-fixture/contents.ts";
import * as library from "../../src/index.ts";
import { type Contextbase, openContextbase } from "../../src/index.ts";
import { temporaryFolder } from "../contract/engines.ts";
import type { Place } from "./fixture.ts";

const folder = join(import.meta.dirname, "../fixtures/layouts");

/** The layouts of an engine that there are fixtures of. */
export const fixtureLayouts = (engine: "sqlite" | "postgres"): readonly number[] =>
  readdirSync(folder)
    .flatMap((name) => new RegExp(`^${engine}-(\\d+)\\.(?:db|sql)$`).exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);

/** Every layout before the newest: stores of them are out there. */
export const layoutsBefore = (newest: number): readonly number[] =>
  Array.from({ length: newest - 1 }, (_, index) => index + 1);

/** What to do where a layout lacks its fixture. */
export const howToMake =
  "A store layout before the newest has no fixture. On a checkout of the commit before: node scripts/make-layout-fixture.ts CHECKOUT";

/** A copy of a file of an older layout. */
export const copyFile = (layout: number): Place => {
  const path = join(temporaryFolder(), "store.db");
  copyFileSync(join(folder, `sqlite-${layout}.db`), path);
  return { path, url: `file:${path}`, key: fixtureKey };
};

/** The tables of an older layout as SQL, with names of its own for schema and role. */
export const readSql = (layout: number): string =>
  readFileSync(join(folder, `postgres-${layout}.sql`), "utf8");

export const components = fixtureComponents(library, ["content.plan"]);

/** Opens a store for the test. */
export const open = async (options: Partial<Parameters<typeof openContextbase>[0]>): Promise<Contextbase> => {
  const base = await openContextbase({ ...options, components: Object.values(components) });
  onTestFinished(() => base.close());
  return base;
};

const viewsOf = (base: Contextbase) => (tenant: string) => base.as({ id: "reader", tenant });

/** A store has all that the code of its time read from it, and goes on from there. */
export const expectWhole = async (
  base: Contextbase,
  engine: "sqlite" | "postgres",
  layout: number,
): Promise<void> => {
  const lines = readFileSync(join(folder, `${engine}-${layout}.ndjson`), "utf8").split("\n");
  const contents = await readFixture(viewsOf(base), library, components);
  expect(contents).toMatchObject(lines.filter(Boolean).map((line) => JSON.parse(line)));
  const { Note, Customer } = components;
  const positions: number[] = [];
  for await (const { position } of base.watch({ follow: false })) positions.push(position);
  expect(positions).toEqual(positions.map((_, index) => index + 1));
  expect(positions.length).toBeGreaterThan(80);
  const gone = await base.store(Note).storeContext({ id: "gone", type: "note", content: { text: "again" } });
  expect(gone.version).toBe(3);
  const again = { id: "gone", type: "note", content: { text: "gone of default" } };
  await expect(base.store(Note).storeContext(again, { write: "batch" })).rejects.toThrow();
  const free = { where: { "content.plan": "free" } };
  const { contexts } = await base.store(Customer).listContexts(free);
  expect(contexts.map(({ id }) => id)).toEqual(["eve"]);
  const near = await base.store(Customer).searchContexts({ embeddings: [1, 2 / 7, -2], limit: 1 });
  expect(near.map(({ context }) => context.id)).toEqual(["eve"]);
  const [found] = await base.store(Note).searchContexts({ text: "back again" });
  expect(found?.context.id).toBe("%_'");
};
