import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { inDatabase } from "../../scripts/postgres/roles.ts";
import { contractSuite, type EngineUnderTest } from "../../src/testing/index.ts";
import { noServer, server } from "./engines.ts";
import { everyDay } from "./every-day.ts";
import { dropIdleTables } from "./kept-tables.ts";
import { createOnServer } from "./postgres.ts";

const {
  CONTEXTBASE_TEST_POSTGRES: adminUrl = "",
  CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl = "",
  CONTEXTBASE_TEST_POSTGRES_APP: appUrl = "",
} = process.env;

const database = `contextbase_workers_${randomBytes(6).toString("hex")}`;

const ask = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

/**
 * Where Citus is, settings go another way to the server. This database only looks as if it were there: what is shown
 * is that this way keeps the contract, on one machine; and that tables which are divided by tenant do.
 */
if (server) {
  beforeAll(async () => {
    await ask(adminUrl, `CREATE DATABASE ${database} OWNER ${new URL(ownerUrl).username}`);
    await ask(inDatabase(adminUrl, database), "CREATE EXTENSION vector");
    await ask(
      inDatabase(adminUrl, database),
      "CREATE FUNCTION citus_version() RETURNS text LANGUAGE sql AS $$ SELECT 'none' $$",
    );
  });
  afterAll(async () => {
    await dropIdleTables();
    // Connections that are being closed would tell of their end as of an error.
    const open = `DO $$ BEGIN
      FOR tried IN 1 .. 100 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '${database}');
        PERFORM pg_sleep(0.05);
      END LOOP;
    END $$`;
    await ask(adminUrl, open);
    await ask(adminUrl, `DROP DATABASE ${database} WITH (FORCE)`);
  });
  const divided: EngineUnderTest = {
    ...server,
    name: "PostgreSQL, divided, with settings for workers",
    create: () => createOnServer(inDatabase(ownerUrl, database), inDatabase(appUrl, database), 3),
  };
  contractSuite(divided, everyDay);
} else {
  describe.skip(`the settings for workers (${noServer})`, () => it("keep the contract", () => undefined));
}
