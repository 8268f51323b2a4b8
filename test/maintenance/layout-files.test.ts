import Database from "better-sqlite3-multiple-ciphers";
import { expect, it } from "vitest";
import { fixtureKey } from "../../scripts/layout-fixture/contents.ts";
import { layoutVersion } from "../../src/engine/sqlite/layout/layout.ts";
import { updateFile } from "../../src/update.ts";
import { contextbase } from "../cli/run.ts";
import { temporaryFolder } from "../contract/engines.ts";
import { fingerprint } from "../faults/files.ts";
import { killAt, startStore, straceProblem } from "../faults/processes.ts";
import { newPlace, type Place } from "./fixture.ts";
import { copyFile, expectWhole, fixtureLayouts, howToMake, layoutsBefore, open } from "./layout-fixtures.ts";

const layouts = fixtureLayouts("sqlite");

/** The layout of a file, and everything that it says of its tables. */
const tablesOf = ({ path }: Place) => {
  const database = new Database(path, { readonly: true });
  try {
    database.pragma("cipher = 'aegis'");
    database.key(Buffer.from(`raw:${fixtureKey.toString("hex")}`));
    const select = database.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE sql > '' ORDER BY name");
    const tables = select.pluck().all();
    const layout = Number(database.pragma("user_version", { simple: true }));
    return { layout, tables: tables.map((sql) => sql.replaceAll(/\s+/g, " ")) };
  } finally {
    database.close();
  }
};

it("[K7] every layout of a file that was released has a fixture", () => {
  expect(layouts, howToMake).toEqual(layoutsBefore(layoutVersion));
});

it.for(layouts)(
  "[K7] a file of layout %i opens with everything in it, and tables as new ones",
  async (layout) => {
    const place = copyFile(layout);
    expect(tablesOf(place).layout).toBe(layout);
    const { url, key } = place;
    const base = await open({ url, key });
    await expectWhole(base, "sqlite", layout);
    const fresh = newPlace(fixtureKey);
    await (await open({ url: fresh.url, key })).close();
    expect(tablesOf(place)).toEqual(tablesOf(fresh));
  },
);

it.for(layouts)(
  "[K7] update tells what it would do to a file of layout %i, and does not touch it",
  async (layout) => {
    const place = copyFile(layout);
    const before = fingerprint(place.path);
    const plan = await updateFile(place.path, fixtureKey, { dryRun: true });
    expect(plan).toMatchObject({ current: layout, target: layoutVersion });
    expect(plan.pending).toHaveLength(layoutVersion - layout);
    expect(plan.transactions).toHaveLength(layoutVersion - layout);
    expect(fingerprint(place.path)).toEqual(before);
    // Run by hand, it makes what opening the file makes.
    const byHand = copyFile(layout);
    const database = new Database(byHand.path);
    database.pragma("cipher = 'aegis'");
    database.key(Buffer.from(`raw:${fixtureKey.toString("hex")}`));
    database.exec(plan.transactions.map((sql) => `BEGIN;${sql}COMMIT;`).join(""));
    database.close();
    expect(await updateFile(place.path, fixtureKey, { dryRun: false })).toEqual(plan);
    expect(tablesOf(byHand)).toEqual(tablesOf(place));
    expect(await updateFile(place.path, fixtureKey, { dryRun: true })).toMatchObject({ pending: [] });
  },
);

// The write-ahead log is synced once before the first migration, and once for each.
it.for([
  [3, 2],
  [4, 3],
] as const)(
  "[K7] one that is killed as it is updated, at fsync %i, is of layout %i, and the next goes on from there",
  async ([nth, layout], { skip }) => {
    if (straceProblem) return skip(straceProblem);
    const { path, url, key } = copyFile(1);
    const command = killAt("fsync,fdatasync", nth);
    const killed = await startStore(path, fixtureKey.toString("base64"), { command });
    expect(killed.refused?.code).toBe("process_gone");
    expect((await updateFile(path, fixtureKey, { dryRun: true })).current).toBe(layout);
    await expectWhole(await open({ url, key }), "sqlite", 1);
  },
);

it("[K7] contextbase update shows and does it for a file", async () => {
  const cwd = temporaryFolder();
  expect(await contextbase(["update"], { cwd })).toMatchObject({ code: 1, stdout: "" });
  const { path } = copyFile(1);
  const env = { CONTEXTBASE_URL: `file:${path}`, CONTEXTBASE_KEY: fixtureKey.toString("base64") };
  const before = fingerprint(path);
  const dry = await contextbase(["update", "--dry-run"], { cwd, env });
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain(`${path}: store layout 1 → ${layoutVersion}\n  2. components\n  3. values`);
  expect(dry.stdout.match(/^BEGIN;$/gm)).toHaveLength(layoutVersion - 1);
  const told = await contextbase(["update", "--dry-run", "--json"], { cwd, env });
  const newest = { place: path, newest: layoutVersion, more: [] };
  expect(JSON.parse(told.stdout)).toMatchObject({
    ...newest,
    layout: 1,
    done: false,
    sql: dry.stdout.trim(),
  });
  expect(fingerprint(path)).toEqual(before);
  const done = await contextbase(["update"], { cwd, env });
  expect(done).toMatchObject({ code: 0, stdout: `Done: ${path} has store layout ${layoutVersion}.\n` });
  const again = await contextbase(["update", "--json"], { cwd, env });
  expect(JSON.parse(again.stdout)).toEqual({ ...newest, layout: layoutVersion, pending: [], done: false });
  expect((await contextbase(["update", "--role", "x"], { cwd, env })).code).toBe(2);
});
