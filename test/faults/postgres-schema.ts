import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier, type Pool } from "pg";
import { onTestFinished } from "vitest";
import { inDatabase } from "../../scripts/postgres/roles.ts";
import { updateLayout } from "../../src/engine/postgres/index.ts";

const {
  CONTEXTBASE_TEST_POSTGRES: adminUrl = "",
  CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl = "",
  CONTEXTBASE_TEST_POSTGRES_APP: appUrl = "",
} = process.env;

/** Whether the environment names a server with its superuser, an owner and a running role. */
export const hasServer = adminUrl !== "" && ownerUrl !== "" && appUrl !== "";

/** Stands in the name of a suite that is skipped without one. */
export const skipped = hasServer ? "" : " (skipped: CONTEXTBASE_TEST_POSTGRES… name no server)";

/** The superuser, in the database of the others. */
const superUrl = (): string => inDatabase(adminUrl, new URL(ownerUrl).pathname.slice(1));

export const urlOf = (role: "app" | "owner" | "superuser"): string =>
  ({ app: () => appUrl, owner: () => ownerUrl, superuser: superUrl })[role]();

/** A client of a role, ended after the test. */
export const connectAs = async (role: "app" | "owner" | "superuser"): Promise<Client> => {
  const client = new Client({ connectionString: urlOf(role) });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** A new schema with the tables of a store, in which the running role may work; it is gone after the test. */
export const newSchema = async (name = `isolation_${randomBytes(8).toString("hex")}`): Promise<string> => {
  const role = decodeURIComponent(new URL(appUrl).username);
  await updateLayout({ url: ownerUrl, schema: name }, { role });
  onTestFinished(async () => {
    const owner = new Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query(`DROP SCHEMA ${escapeIdentifier(name)} CASCADE`);
    await owner.end();
  });
  return name;
};

/** Lets every statement that is prepared on a connection of the pool pass by, and perhaps become another. */
export const rewriteStatements = (pool: Pool, rewrite: (text: string) => string): void => {
  pool.on("connect", ({ connection }) => {
    const parse = connection.parse.bind(connection);
    connection.parse = (query, more) => parse({ ...query, text: rewrite(query.text) }, more);
  });
};
