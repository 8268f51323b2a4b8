/** A PgBouncer in front of a server, pooling by transaction, everything else as its version has it. */
import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "./command.ts";
import { giveToServer, inside, makeFolder, removeFolder } from "./folders.ts";
import { commandOf, pgbouncerOf } from "./installation.ts";
import { findPort } from "./port.ts";
import { connect, urlsAt } from "./roles.ts";
import type { TestServer } from "./server.ts";

export type PgBouncer = {
  readonly port: number;
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly stop: () => Promise<void>;
};

export const startPgBouncer = async (server: TestServer): Promise<PgBouncer> => {
  const { installation } = server.record.cluster;
  const folder = makeFolder(installation);
  const port = await findPort();
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    giveToServer(installation.root, file);
    return inside(installation, file);
  };
  const users = [server.adminUrl, server.ownerUrl, server.appUrl].map((url) => {
    const { username, password } = new URL(url);
    return `"${username}" "${password}"\n`;
  });
  const config = write(
    "pgbouncer.ini",
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${write("users", users.join(""))}
pool_mode = transaction
max_client_conn = 1000
`,
  );
  const log = openSync(join(folder, "log"), "a");
  const [command = "", ...words] = commandOf(installation, pgbouncerOf(installation), config);
  const child = spawn(command, words, { stdio: ["ignore", log, log], env: environment, cwd: "/" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill("SIGINT");
    await ended;
    await removeFolder(folder);
  };
  const { appUrl, ownerUrl } = urlsAt(server, port);
  for (let left = 200; left > 0 && child.exitCode === null; left--) {
    try {
      await connect(appUrl, async (client) => void (await client.query("select")));
      return { port, appUrl, ownerUrl, stop };
    } catch {
      await sleep(50);
    }
  }
  const told = readFileSync(join(folder, "log"), "utf8").trim();
  await stop();
  throw new Error(`PgBouncer on port ${port} did not start: ${told}`);
};
