/** One PostgreSQL data folder and the process that serves it. */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environment, run } from "./command.ts";
import { giveToServer, inside } from "./folders.ts";
import { commandOf, type Installation } from "./installation.ts";
import { isRunning, waitForEnd } from "./processes.ts";
import { connect } from "./roles.ts";

export type Settings = Readonly<Record<string, string | number>>;

/** Plain data: written to a file, it finds the server again in another process. */
export type Cluster = {
  readonly installation: Installation;
  /** As the machine sees it; holds `data`, `log` and the socket. */
  readonly folder: string;
  readonly port: number;
  readonly adminUrl: string;
};

export type StopMode = "fast" | "immediate";

const startSeconds = 60;
const program = "postgres";
const signals = { fast: "SIGINT", immediate: "SIGQUIT" } as const;

export const logOf = ({ folder }: Cluster): string => join(folder, "log");

/** The file outlives a server that was killed, and its number may be another's by now: only ours works here. */
export const pidOf = ({ folder }: Cluster): number | undefined => {
  const data = join(folder, "data");
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data) && isRunning(pid, program)
      ? pid
      : undefined;
  } catch {
    return undefined;
  }
};

export const initialize = async (
  installation: Installation,
  folder: string,
  password: string,
): Promise<void> => {
  const file = join(folder, "password");
  writeFileSync(file, password, { mode: 0o600 });
  giveToServer(installation.root, file);
  const paths = [
    `--pgdata=${inside(installation, join(folder, "data"))}`,
    `--pwfile=${inside(installation, file)}`,
  ];
  const words = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-sync",
  ];
  await run(commandOf(installation, `${installation.programs}/initdb`, ...paths, ...words));
  rmSync(file);
  // Where a test makes it listen on other addresses, such as that of a network namespace, passwords hold there too.
  const anywhere = ["all", "replication"].map((database) => `host ${database} all all scram-sha-256\n`);
  appendFileSync(join(folder, "data/pg_hba.conf"), anywhere.join(""));
};

/** What is set later wins. Defaults stay where nothing needs another value: a test server is no faster a server. */
export const configure = ({ installation, folder, port }: Cluster, settings: Settings): void => {
  const all: Settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: inside(installation, folder),
    max_connections: 200,
    wal_level: "replica",
    // The /dev/shm of a Debian root is a folder on the disk, not memory.
    ...(installation.root !== "/" && { dynamic_shared_memory_type: "sysv" }),
    ...settings,
  };
  const lines = Object.entries(all).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`,
  );
  appendFileSync(join(folder, "data/postgresql.conf"), lines.join(""));
};

const tailOf = (file: string): string => readFileSync(file, "utf8").trim().split("\n").slice(-5).join(" | ");

/** Starts the server and waits until it answers, recovery included. */
export const startCluster = async (cluster: Cluster): Promise<void> => {
  if (pidOf(cluster) !== undefined) return;
  const { installation, folder, adminUrl } = cluster;
  const data = inside(installation, join(folder, "data"));
  const [command = "", ...words] = commandOf(installation, `${installation.programs}/${program}`, "-D", data);
  const log = openSync(logOf(cluster), "a");
  const child = spawn(command, words, {
    stdio: ["ignore", log, log],
    env: environment,
    cwd: "/",
    detached: true,
  });
  closeSync(log);
  let lastError: unknown;
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", (cause) => {
    [lastError, ended] = [cause, true];
  });
  child.unref();
  for (let left = startSeconds * 20; left > 0 && !ended; left--) {
    try {
      return await connect(adminUrl, async (client) => void (await client.query("select")));
    } catch (cause) {
      lastError = cause;
      await sleep(50);
    }
  }
  throw new Error(`PostgreSQL on port ${cluster.port} did not start: ${tailOf(logOf(cluster))}`, {
    cause: lastError,
  });
};

export const stopCluster = async (cluster: Cluster, mode: StopMode = "fast"): Promise<void> => {
  const pid = pidOf(cluster);
  if (pid === undefined) return;
  process.kill(pid, signals[mode]);
  // A fault may have stopped it with SIGSTOP: so it would never hear.
  process.kill(pid, "SIGCONT");
  await waitForEnd(pid, program);
};
