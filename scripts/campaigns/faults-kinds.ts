/** The faults of `faults.ts`: each does its harm, and resolves once it is over. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Network } from "../postgres/network.ts";
import { childrenOf } from "../postgres/processes.ts";
import type { BreakableProxy, Direction } from "../postgres/proxy.ts";
import { connect } from "../postgres/roles.ts";
import type { TestServer } from "../postgres/server.ts";
import type { Random } from "./random.ts";

export type FaultPlace = {
  readonly server: TestServer;
  readonly proxy: BreakableProxy;
  /** Undefined where none can be made. */
  readonly network: Network | undefined;
  readonly random: Random;
  readonly tenants: readonly string[];
  /** How long a fault lasts that can last any time. */
  readonly milliseconds: () => number;
};

export type Fault = (place: FaultPlace) => Promise<void>;

/** `weight`: how often it is chosen beside the others. */
export type FaultKind = { readonly weight: number; readonly fault: Fault; readonly needsNetwork?: true };

const ofApp = "FROM pg_stat_activity WHERE usename = 'contextbase_app' AND pid <> pg_backend_pid()";

const appPids = (server: TestServer): Promise<number[]> =>
  connect(server.adminUrl, async (client) =>
    (await client.query(`SELECT pid ${ofApp}`)).rows.map(({ pid }) => pid),
  );

const asAdmin = (server: TestServer, sql: string): Promise<void> =>
  connect(server.adminUrl, async (client) => void (await client.query(sql)));

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself meanwhile.
  }
};

const freeze = async (pids: readonly number[], milliseconds: number): Promise<void> => {
  for (const pid of pids) signal(pid, "SIGSTOP");
  await sleep(milliseconds);
  for (const pid of pids) signal(pid, "SIGCONT");
};

const blackhole =
  (passage: "hold" | "lose", directions: readonly Direction[]): Fault =>
  async ({ proxy, milliseconds }) => {
    for (const direction of directions) proxy.set(direction, passage);
    await sleep(milliseconds());
    for (const direction of directions) proxy.set(direction, "pass");
  };

/** Takes every connection that the server has left, and those of the store as they end. */
const exhaust: Fault = async ({ server, proxy, milliseconds }) => {
  const taken: Client[] = [];
  const take = async (): Promise<void> => {
    for (;;) {
      const client = new Client({ connectionString: server.appUrl });
      client.on("error", () => undefined);
      try {
        await client.connect();
        taken.push(client);
      } catch {
        await client.end().catch(() => undefined);
        return;
      }
    }
  };
  await take();
  proxy.reset();
  await take();
  await sleep(milliseconds());
  await Promise.all(taken.map((client) => client.end()));
};

/** The kernel's own packets are lost. */
const cut: Fault = async ({ network, milliseconds }) => {
  await network?.cut();
  await sleep(milliseconds());
  await network?.mend();
};

/** Another session holds what every write of a tenant locks first. */
const holdLock: Fault = ({ server, random, tenants, milliseconds }) =>
  connect(server.ownerUrl, async (client) => {
    await client.query("BEGIN");
    await client.query("SELECT FROM contextbase.tenants WHERE tenant = $1 FOR UPDATE", [
      random.pick(tenants),
    ]);
    await sleep(milliseconds());
    await client.query("ROLLBACK");
  });

/** By name. */
export const faults: Readonly<Record<string, FaultKind>> = {
  "terminate one": {
    weight: 3,
    fault: async ({ server, random }) => {
      const pids = await appPids(server);
      if (pids.length > 0) await asAdmin(server, `SELECT pg_terminate_backend(${random.pick(pids)})`);
    },
  },
  "terminate all": {
    weight: 3,
    fault: ({ server }) => asAdmin(server, `SELECT pg_terminate_backend(pid) ${ofApp}`),
  },
  "cancel all": {
    weight: 2,
    fault: ({ server }) => asAdmin(server, `SELECT pg_cancel_backend(pid) ${ofApp}`),
  },
  "restart fast": { weight: 2, fault: ({ server }) => server.restart("fast") },
  "restart immediate": { weight: 2, fault: ({ server }) => server.restart("immediate") },
  "kill -9 of all, and start": {
    weight: 2,
    fault: async ({ server }) => {
      await server.kill9();
      await server.start();
    },
  },
  "kill -9 of a backend": {
    weight: 1,
    fault: async ({ server, random }) => {
      const pids = await appPids(server);
      if (pids.length === 0) return;
      signal(random.pick(pids), "SIGKILL");
      // The server ends all its processes and recovers.
      await sleep(100);
      await server.start();
      for (;;) {
        try {
          return await asAdmin(server, "SELECT 1");
        } catch {
          await sleep(20);
        }
      }
    },
  },
  "network cut": { weight: 6, fault: cut, needsNetwork: true },
  blackhole: { weight: 3, fault: blackhole("hold", ["toServer", "toClient"]) },
  "blackhole to the server": { weight: 2, fault: blackhole("hold", ["toServer"]) },
  "blackhole to the client": { weight: 2, fault: blackhole("hold", ["toClient"]) },
  "blackhole that loses connections": { weight: 3, fault: blackhole("lose", ["toServer", "toClient"]) },
  "lost answers": { weight: 2, fault: blackhole("lose", ["toClient"]) },
  reset: { weight: 2, fault: async ({ proxy }) => proxy.reset() },
  refused: {
    weight: 2,
    fault: async ({ proxy, milliseconds }) => {
      await proxy.refuse();
      await sleep(milliseconds());
      await proxy.accept();
    },
  },
  "SIGSTOP of a backend": {
    weight: 3,
    fault: async ({ server, random, milliseconds }) => {
      const pids = await appPids(server);
      if (pids.length > 0) await freeze([random.pick(pids)], milliseconds());
    },
  },
  "SIGSTOP of the server": {
    weight: 2,
    fault: async ({ server: { pid }, milliseconds }) => {
      if (pid !== undefined) await freeze([pid, ...childrenOf(pid)], milliseconds());
    },
  },
  "no connection left": { weight: 2, fault: exhaust },
  "lock held": { weight: 2, fault: holdLock },
};
