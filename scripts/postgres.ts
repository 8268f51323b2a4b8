/**
 * Brings up a real PostgreSQL with pgvector: the one that `CONTEXTBASE_TEST_POSTGRES` names, or a new server of
 * the machine's PostgreSQL, or of one in a Debian root that is made for it and kept.
 *
 *     node scripts/postgres.ts up [--env]      its urls on stdout, as JSON or as NAME=value lines
 *     node scripts/postgres.ts status [--env]  the same where one is up; exits 1 where none is
 *     node scripts/postgres.ts down            ends it and removes its data
 *
 * `--state FILE` keeps it apart from others. `up` exits 3 where no server can be had.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { messageOf, say } from "./postgres/command.ts";
import { cacheFolder } from "./postgres/debian-root.ts";
import { makeRoles, type Urls } from "./postgres/roles.ts";
import { NoPostgresError, type ServerRecord, serverOf, startServer } from "./postgres/server.ts";
import { readState, removeState, variablesOf, writeState } from "./postgres/state.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { env: { type: "boolean", default: false }, state: { type: "string" } },
});
const file = values.state ?? join(cacheFolder(), "server.json");
const given = process.env.CONTEXTBASE_TEST_POSTGRES;

const print = (urls: Urls): void => {
  const variables = variablesOf(urls);
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  process.stdout.write(`${values.env ? lines.join("\n") : JSON.stringify(variables, undefined, 2)}\n`);
};

/** The server of an earlier `up`, unless it ended since. */
const findRunning = (): ServerRecord | undefined => {
  const record = readState(file);
  return record && serverOf(record).pid !== undefined ? record : undefined;
};

const down = async (): Promise<void> => {
  const record = readState(file);
  if (record) await serverOf(record).remove();
  removeState(file);
};

const useGiven = async (url: string): Promise<Urls> => {
  try {
    return await makeRoles(url);
  } catch (cause) {
    throw new NoPostgresError(
      `CONTEXTBASE_TEST_POSTGRES names a server that cannot be used: ${messageOf(cause)}`,
      { cause },
    );
  }
};

const bringUp = async (): Promise<Urls> => {
  await down();
  const server = await startServer();
  const other = findRunning();
  // Where two ran at the same time, the first to end has the one that `down` will find.
  if (other) await server.remove();
  else writeState(file, server.record);
  return other?.urls ?? server.record.urls;
};

const up = async (): Promise<void> => {
  const running = findRunning()?.urls;
  if (given && given !== running?.adminUrl) print(await useGiven(given));
  else print(running ?? (await bringUp()));
};

const status = (): void => {
  const running = findRunning();
  if (running) print(running.urls);
  else process.exitCode = 1;
};

const commands: Readonly<Record<string, () => void | Promise<void>>> = { up, down, status };

try {
  const command = commands[positionals[0] ?? ""];
  if (command) await command();
  else {
    say("Usage: node scripts/postgres.ts up|down|status [--env] [--state FILE]");
    process.exitCode = 2;
  }
} catch (cause) {
  say(`error: ${messageOf(cause)}`);
  process.exitCode = cause instanceof NoPostgresError ? 3 : 1;
}
