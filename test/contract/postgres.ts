import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import type { Engine } from "../../src/engine/engine.ts";
import { configOf } from "../../src/engine/postgres/connection/connection.ts";
import { type PostgresOptions, postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { planLayout } from "../../src/engine/postgres/layout/layout.ts";
import { checkPostgresOptions } from "../../src/engine/postgres/options/options.ts";
import { openContextbase } from "../../src/index.ts";
import type { DataUnderTest } from "../../src/testing/index.ts";
import { giveTablesBack, type Tables, takeTables } from "./kept-tables.ts";
import { type EmbeddedPostgres, openPglite } from "./pglite.ts";

const newSchema = (): string => `contract_${randomBytes(8).toString("hex")}`;

const opener =
  (
    options: PostgresOptions,
    around: (engine: Engine) => Engine = (engine) => engine,
  ): DataUnderTest["open"] =>
  (given) =>
    openContextbase({ ...given, engine: around(postgres(options)) });

/** Connections as the engine makes them by itself. */
const poolOf = (url: string, max?: number): Pool =>
  new Pool({ ...configOf(url, checkPostgresOptions({ url })), ...(max !== undefined && { max }) });

export const makeTablesOnServer = async (
  ownerUrl: string,
  appUrl: string,
  partitions?: number,
): Promise<Tables> => {
  const schema = newSchema();
  const role = decodeURIComponent(new URL(appUrl).username);
  await updateLayout({ url: ownerUrl, schema }, { role, partitions });
  return { schema, owner: poolOf(ownerUrl, 1), app: poolOf(appUrl) };
};

/** Tables on a server. @param around what its engine is to stand in */
export const createOnServer = async (
  ownerUrl: string,
  appUrl: string,
  partitions?: number,
  around?: (engine: Engine) => Engine,
): Promise<DataUnderTest> => {
  const place = `${ownerUrl} ${partitions}`;
  const tables = await takeTables(place, () => makeTablesOnServer(ownerUrl, appUrl, partitions));
  const { schema, app } = tables;
  return {
    open: opener({ pool: app, listenUrl: appUrl, schema }, around),
    engine: () => postgres({ url: ownerUrl, schema }),
    remove: () => giveTablesBack(place, tables),
  };
};

const owner = "contextbase_owner";
const app = "contextbase_app";

const startPglite = async (): Promise<EmbeddedPostgres> => {
  const embedded = await openPglite();
  const admin = embedded.pool("postgres");
  await admin.query(
    `create role ${owner}; create role ${app}; grant create on database postgres to ${owner}`,
  );
  await admin.end();
  return embedded;
};

let started: Promise<EmbeddedPostgres> | undefined;

/** Tables of a PostgreSQL within this process, which is started once: that takes seconds. */
export const createInProcess = async (): Promise<DataUnderTest> => {
  started ??= startPglite();
  const { pool } = await started;
  const tables = await takeTables("PGlite", async () => {
    const schema = newSchema();
    const owners = pool(owner);
    await owners.query(planLayout(schema, 0, { role: app }).transactions.join("\n"));
    return { schema, owner: owners, app: pool(app) };
  });
  const { schema } = tables;
  return {
    open: opener({ pool: tables.app, schema, prepared: false }),
    engine: () => postgres({ pool: tables.owner, schema, prepared: false }),
    remove: () => giveTablesBack("PGlite", tables),
  };
};
