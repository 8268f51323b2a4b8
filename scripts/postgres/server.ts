/** A real PostgreSQL server for tests, benchmarks and fault campaigns, which may do anything to it. */
import {
  type Cluster,
  configure,
  initialize,
  logOf,
  pidOf,
  type Settings,
  type StopMode,
  startCluster,
  stopCluster,
} from "./cluster.ts";
import { findDebianRoot, makeDebianRoot } from "./debian-root.ts";
import { makeFolder, removeFolder } from "./folders.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { findPort } from "./port.ts";
import { killFamily } from "./processes.ts";
import { connect, makeRoles, newPassword, type Urls, urlsAt } from "./roles.ts";
import { cloneCluster } from "./standby.ts";

export { startPgBouncer } from "./pgbouncer.ts";

export type ServerOptions = {
  /** Lines of postgresql.conf, over the defaults. */
  readonly settings?: Settings;
  readonly port?: number;
};

/** Plain data: written to a file, it finds the server again in another process. */
export type ServerRecord = { readonly cluster: Cluster; readonly urls: Urls };

export type TestServer = Urls & {
  readonly record: ServerRecord;
  readonly port: number;
  readonly folder: string;
  readonly log: string;
  /** The postmaster's; undefined while it does not run. */
  readonly pid: number | undefined;
  /** Comes back when the server answers again, on the same port. */
  readonly start: () => Promise<void>;
  /** Its data stays. `fast` ends every connection and writes a checkpoint; `immediate` leaves it to recovery. */
  readonly stop: (mode?: StopMode) => Promise<void>;
  readonly restart: (mode: StopMode) => Promise<void>;
  /** Every process of the server at one moment, as a loss of power. */
  readonly kill9: () => Promise<void>;
  /** A server of its own that follows this one by streaming replication, asynchronously unless set otherwise. */
  readonly startStandby: (options?: ServerOptions) => Promise<TestServer>;
  /** Makes a standby a server that takes writes. */
  readonly promote: () => Promise<void>;
  /** Stops it, and removes its data. */
  readonly remove: () => Promise<void>;
};

/** No server can be had here; the message is the reason. */
export class NoPostgresError extends Error {}

const findAtHand = (): Installation | undefined => findInstallation("/") ?? findDebianRoot();

/** Whether `startServer` takes a second, and not the minute of making a root first, or is in vain. */
export const hasServerAtHand = (): boolean => findAtHand() !== undefined;

const findOrMakeInstallation = async (): Promise<Installation> => {
  const found = findAtHand() ?? (await makeDebianRoot());
  if (typeof found !== "string") return found;
  throw new NoPostgresError(`There is no PostgreSQL 15 to 18 with pgvector here, and ${found}.`);
};

/** The server that a record tells of, whichever process started it. */
export const serverOf = (record: ServerRecord): TestServer => {
  const { cluster, urls } = record;
  const start = (): Promise<void> => startCluster(cluster);
  const stop = (mode?: StopMode): Promise<void> => stopCluster(cluster, mode);
  const kill9 = async (): Promise<void> => {
    const pid = pidOf(cluster);
    if (pid !== undefined) await killFamily(pid, "postgres");
  };
  return {
    ...urls,
    record,
    port: cluster.port,
    folder: cluster.folder,
    log: logOf(cluster),
    get pid() {
      return pidOf(cluster);
    },
    start,
    stop,
    restart: async (mode) => {
      await stop(mode);
      await start();
    },
    kill9,
    startStandby: async ({ settings = {}, port } = {}) => {
      const standbyUrls = urlsAt(urls, port ?? (await findPort()));
      return serverOf({ cluster: await cloneCluster(cluster, standbyUrls, settings), urls: standbyUrls });
    },
    promote: () => connect(urls.adminUrl, async (client) => void (await client.query("select pg_promote()"))),
    remove: async () => {
      await stop("immediate");
      await removeFolder(cluster.folder);
    },
  };
};

/** Starts a new server with roles and a database. It outlives this process: whoever starts it removes it. */
export const startServer = async ({ settings = {}, port }: ServerOptions = {}): Promise<TestServer> => {
  const installation = await findOrMakeInstallation();
  const folder = makeFolder(installation);
  const password = newPassword();
  const chosen = port ?? (await findPort());
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${chosen}/postgres`;
  const cluster = { installation, folder, port: chosen, adminUrl };
  try {
    await initialize(installation, folder, password);
    configure(cluster, settings);
    await startCluster(cluster);
    return serverOf({ cluster, urls: await makeRoles(adminUrl) });
  } catch (cause) {
    await stopCluster(cluster, "immediate");
    await removeFolder(folder);
    throw cause;
  }
};
