/**
 * Makes the fixtures of a store layout: a small store of each engine, made by the code of its time, and what that code
 * reads from it. Whoever raises the layout runs this on a checkout of the commit before:
 *
 *     git worktree add ../before HEAD && ln -s "$PWD/node_modules" ../before/node_modules
 *     node scripts/make-layout-fixture.ts ../before
 *
 * The one of PostgreSQL is made where CONTEXTBASE_TEST_POSTGRES_OWNER and …_APP name a server (scripts/postgres.ts).
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import {
  type FixtureComponents,
  fillFixture,
  fixtureComponents,
  fixtureKey,
  type Library,
  readFixture,
} from "./layout-fixture/contents.ts";
import { fixtureRole, fixtureSchema, rowsAsSql } from "./layout-fixture/tables-as-sql.ts";

const [checkout = "."] = process.argv.slice(2);
const { CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl, CONTEXTBASE_TEST_POSTGRES_APP: appUrl } = process.env;
const folder = join(import.meta.dirname, "../test/fixtures/layouts");

const load = (file: string) => import(pathToFileURL(resolve(checkout, "src", file)).href);

const library: Library = await load("index.ts");

/** Each write has a time of its own, from the same beginning. */
const createClock = (): (() => number) => {
  let now = Date.UTC(2026, 0, 1);
  return () => {
    now += 1_000;
    return now;
  };
};

const defineComponents = (): FixtureComponents => {
  try {
    return fixtureComponents(library, ["content.plan"]);
  } catch {
    return fixtureComponents(library);
  }
};

const make = async (url: string, key?: Uint8Array): Promise<readonly unknown[]> => {
  const components = defineComponents();
  const options = { url, ...(key && { key }), components: Object.values(components), clock: createClock() };
  const base = await library.openContextbase(options);
  const as = (tenant: string) => base.as({ id: "maker", tenant });
  await fillFixture(as, components);
  const contents = await readFixture(as, library, components);
  await base.close();
  return contents;
};

const toLines = (contents: readonly unknown[]): string =>
  contents.map((one) => `${JSON.stringify(one)}\n`).join("");

const write = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text);
  console.log(`${name}: ${text.length} characters`);
};

const makeFile = async (): Promise<void> => {
  const { layoutVersion } = await load("engine/sqlite/layout/layout.ts");
  const path = join(folder, `sqlite-${layoutVersion}.db`);
  for (const file of [path, `${path}-search`]) rmSync(file, { force: true });
  const contents = await make(`file:${path}`, fixtureKey);
  rmSync(`${path}-search`, { force: true });
  write(`sqlite-${layoutVersion}.ndjson`, toLines(contents));
};

const makeTables = async (owner: string, app: string): Promise<void> => {
  const { layoutVersion, planLayout } = await load("engine/postgres/layout/layout.ts");
  const role = decodeURIComponent(new URL(app).username);
  const plan = planLayout(fixtureSchema, 0, { role });
  const sql: string = plan.sql ?? plan.transactions.join("\n");
  const client = new Client({ connectionString: owner });
  await client.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${fixtureSchema} CASCADE`);
    await client.query(sql);
    const url = new URL(app);
    url.searchParams.set("schema", fixtureSchema);
    const contents = await make(url.href);
    write(`postgres-${layoutVersion}.ndjson`, toLines(contents));
    const named = sql.replaceAll(client.escapeIdentifier(role), fixtureRole);
    write(`postgres-${layoutVersion}.sql`, `${named.trim()}\n\n${await rowsAsSql(client)}\n`);
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${fixtureSchema} CASCADE`);
    await client.end();
  }
};

mkdirSync(folder, { recursive: true });
await makeFile();
const hasTables = existsSync(resolve(checkout, "src/engine/postgres/layout/layout.ts"));
if (hasTables && ownerUrl && appUrl) await makeTables(ownerUrl, appUrl);
else console.log("No fixture of PostgreSQL: no server is named, or the checkout knows none.");
