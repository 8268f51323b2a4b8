import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Urls, withPool } from "./tables.ts";

export type Server = Urls & {
  /** Ends it, where it was brought up for this run. */
  readonly stop: () => Promise<void>;
};

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../scripts/postgres.ts");

/** The server that the environment names, or one that is brought up; undefined where none can be had. */
export const findServer = async (): Promise<Server | undefined> => {
  const named = urlsOf(process.env);
  if (named) return { ...named, stop: async () => undefined };
  const call = (command: string): Promise<{ stdout: string }> => run(process.execPath, [script, command]);
  const running = await call("status").then(
    () => true,
    () => false,
  );
  try {
    const urls = urlsOf(JSON.parse((await call("up")).stdout));
    return urls && { ...urls, stop: async () => void (running || (await call("down"))) };
  } catch (cause) {
    console.error(`No PostgreSQL server: ${cause instanceof Error ? cause.message : String(cause)}`);
    return undefined;
  }
};

const urlsOf = (variables: Readonly<Record<string, string | undefined>>): Urls | undefined => {
  const { CONTEXTBASE_TEST_POSTGRES_OWNER: owner, CONTEXTBASE_TEST_POSTGRES_APP: app } = variables;
  return owner && app ? { owner, app } : undefined;
};

const settings = ["fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size"];

/** What the figures depend on, as names and values to print. */
export const describeServer = ({ owner }: Urls): Promise<[string, string][]> =>
  withPool(owner, async (pool) => {
    const { rows } = await pool.query<{ name: string; setting: string }>(
      "SELECT name, current_setting(name) AS setting FROM pg_catalog.pg_settings WHERE name = ANY($1)",
      [["server_version", ...settings]],
    );
    const values = new Map(rows.map(({ name, setting }) => [name, setting]));
    return [
      ["PostgreSQL", values.get("server_version") ?? ""],
      ["Its settings", settings.map((name) => `${name} ${values.get(name)}`).join(", ")],
      ["The way to it", `TCP to ${new URL(owner).hostname}`],
    ];
  });
