import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import type { Engine } from "../../src/engine/engine.ts";
import { type PostgresOptions, postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { planLayout } from "../../src/engine/postgres/layout.ts";
import { openContextbase } from "../../src/index.ts";
import type { DataUnderTest } from "../../src/testing/index.ts";
import { type EmbeddedPostgres, openPglite } from "./pglite.ts";

const newSchema = (): string => `contract_${randomBytes(8).toString("hex")}`;

const use = async (pool: Pool, work: (pool: Pool) => Promise<unknown>): Promise<void> => {
  await work(pool).finally(() => pool.end());
};

const drop = (pool: Pool, schema: string): Promise<void> =>
  use(pool, (owner) => owner.query(`drop schema ${schema} cascade`));

const opener =
  (options: PostgresOptions, around: (engine: Engine) => Engine = (engine) => engine): DataUnderTest["open"] =>
  (given) =>
    openContextbase({ ...given, engine: around(postgres(options)) });

/** A new schema of a server. @param around what its engine is to stand in */
export const createOnServer = async (
  ownerUrl: string,
  appUrl: string,
  partitions?: number,
  around?: (engine: Engine) => Engine,
): Promise<DataUnderTest> => {
  const schema = newSchema();
  const role = decodeURIComponent(new URL(appUrl).username);
  await updateLayout({ url: ownerUrl, schema }, { role, partitions });
  return {
    open: opener({ url: appUrl, schema }, around),
    engine: () => postgres({ url: ownerUrl, schema }),
    remove: () => drop(new Pool({ connectionString: ownerUrl, max: 1 }), schema),
  };
};

const owner = "contextbase_owner";
const app = "contextbase_app";

const startPglite = async (): Promise<EmbeddedPostgres> => {
  const embedded = await openPglite();
  await use(embedded.pool("postgres"), (admin) =>
    admin.query(`create role ${owner}; create role ${app}; grant create on database postgres to ${owner}`),
  );
  return embedded;
};

let started: Promise<EmbeddedPostgres> | undefined;

/** A new schema of a PostgreSQL within this process, which is started once: that takes seconds. */
export const createInProcess = async (): Promise<DataUnderTest> => {
  started ??= startPglite();
  const { pool } = await started;
  const schema = newSchema();
  await use(pool(owner), (client) =>
    client.query(planLayout(schema, 0, { role: app }).transactions.join("\n")),
  );
  const [apps, owners] = [pool(app), pool(owner)];
  return {
    open: opener({ pool: apps, schema, prepared: false }),
    engine: () => postgres({ pool: owners, schema, prepared: false }),
    remove: async () => {
      await Promise.all([apps.end(), owners.end()]);
      await drop(pool(owner), schema);
    },
  };
};
