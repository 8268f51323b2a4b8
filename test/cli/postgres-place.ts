import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { describe, expect, onTestFinished } from "vitest";
import { updateLayout } from "../../src/engine/postgres/index.ts";
import { noServer, server, temporaryFolder } from "../contract/engines.ts";
import { contextbase, type Result } from "./run.ts";

export const {
  CONTEXTBASE_TEST_POSTGRES: adminUrl = "",
  CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl = "",
  CONTEXTBASE_TEST_POSTGRES_APP: appUrl = "",
} = process.env;

type Place = {
  readonly cwd: string;
  readonly schema: string;
  readonly owner: Readonly<Record<string, string>>;
  readonly app: Readonly<Record<string, string>>;
  readonly role: string;
};

const withSchema = (url: string, schema: string): string => {
  const named = new URL(url);
  named.searchParams.set("schema", schema);
  return named.href;
};

export const asOwner = async (sql: string): Promise<void> => {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

/** A schema that is gone after the test, and the environments of those who work in it. */
export const newPlace = (): Place => {
  const schema = `cli_${randomBytes(8).toString("hex")}`;
  onTestFinished(() => asOwner(`drop schema if exists ${schema} cascade`));
  return {
    cwd: temporaryFolder(),
    schema,
    owner: { CONTEXTBASE_URL: withSchema(ownerUrl, schema) },
    app: { CONTEXTBASE_URL: withSchema(appUrl, schema) },
    role: decodeURIComponent(new URL(appUrl).username),
  };
};

/** The same with the tables of a store, made as `contextbase update` makes them. */
export const updated = async (): Promise<Place> => {
  const place = newPlace();
  await updateLayout({ url: ownerUrl, schema: place.schema }, { role: place.role });
  return place;
};

const passwords = [adminUrl, ownerUrl, appUrl]
  .filter(Boolean)
  .map((url) => decodeURIComponent(new URL(url).password))
  .filter(Boolean);

/** What a command says holds no password, whether it went well or not. */
export const run = async (
  words: readonly string[],
  options: Parameters<typeof contextbase>[1],
): Promise<Result> => {
  const result = await contextbase(words, options);
  for (const password of [...passwords, "seCret"]) {
    expect(result.stdout + result.stderr).not.toContain(password);
  }
  return result;
};

export const section = (id: string, text: string): string[] => [
  "put",
  "Document",
  id,
  JSON.stringify({ text }),
  "--type",
  "section",
];

/** What is tested where there is a server. @param title what the name of its suite begins with */
export const onServer = (title: string, tests: () => void): void => {
  describe.skipIf(!server)(`${title}${server ? "" : ` (skipped: ${noServer})`}`, tests);
};
