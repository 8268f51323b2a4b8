/** The roles that tests use: an owner who may change tables, and a running role that may only connect. */
import { createHash, randomBytes } from "node:crypto";
import { Client } from "pg";
import { say } from "./command.ts";

export type Urls = { readonly adminUrl: string; readonly ownerUrl: string; readonly appUrl: string };

const database = "contextbase";
const owner = "contextbase_owner";
const app = "contextbase_app";

const at = (url: string, port: number): string => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
};

/** The same server and user, in another database. */
export const inDatabase = (url: string, name = database): string => {
  const moved = new URL(url);
  moved.pathname = `/${name}`;
  return moved.href;
};

/** The same roles on another port: that of a standby, or of a pooler. */
export const urlsAt = ({ adminUrl, ownerUrl, appUrl }: Urls, port: number): Urls => ({
  adminUrl: at(adminUrl, port),
  ownerUrl: at(ownerUrl, port),
  appUrl: at(appUrl, port),
});

export const newPassword = (): string => randomBytes(16).toString("hex");

/** The same for the same server, so that making the roles again locks out nobody who uses them. */
const passwordOf = (adminUrl: string, role: string): string =>
  createHash("sha256").update(`${role} ${adminUrl}`).digest("hex").slice(0, 32);

const urlAs = (adminUrl: string, role: string): string => {
  const url = new URL(inDatabase(adminUrl));
  url.username = role;
  url.password = passwordOf(adminUrl, role);
  return url.href;
};

export const connect = async <T>(url: string, use: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that is stopped while a client is open tells it so; the query under way fails anyway.
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

const makeRole = async (client: Client, role: string, password: string): Promise<void> => {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [role]);
  await client.query(
    `${rowCount ? "alter" : "create"} role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole
     password ${client.escapeLiteral(password)}`,
  );
};

const makeDatabase = async (client: Client): Promise<void> => {
  const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
  if (!rowCount) await client.query(`create database ${database} owner ${owner}`);
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to ${app}`);
};

/** Only a superuser may create the extension; where it is not installed the store still works without vectors. */
const makeExtension = async (client: Client): Promise<void> => {
  const { rowCount } = await client.query("select from pg_available_extensions where name = 'vector'");
  if (rowCount) await client.query("create extension if not exists vector");
  else say("This server has no pgvector.");
};

/** Makes roles, database and extension where they are missing. */
export const makeRoles = async (adminUrl: string): Promise<Urls> => {
  await connect(adminUrl, async (client) => {
    for (const role of [owner, app]) await makeRole(client, role, passwordOf(adminUrl, role));
    await makeDatabase(client);
  });
  await connect(inDatabase(adminUrl), makeExtension);
  return { adminUrl, ownerUrl: urlAs(adminUrl, owner), appUrl: urlAs(adminUrl, app) };
};
