/** A PostgreSQL server of a test file's own, which its tests may do anything to. */
import { type Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type BreakableProxy, startProxy } from "../../scripts/postgres/proxy.ts";
import { connect, inDatabase } from "../../scripts/postgres/roles.ts";
import {
  hasServerAtHand,
  type ServerOptions,
  startServer,
  type TestServer,
} from "../../scripts/postgres/server.ts";
import { type PostgresOptions, postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { type Contextbase, openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";

export const appRole = "contextbase_app";

/** Long enough for a machine that does much else; a test that waits for one of them shortens it. */
export const timeouts = {
  connectMilliseconds: 1_000,
  statementMilliseconds: 3_000,
  lockMilliseconds: 5_000,
  callMilliseconds: 20_000,
};

export type ServerUnderTest = {
  readonly server: () => TestServer;
  readonly proxy: () => BreakableProxy;
};

const reason = "no PostgreSQL is installed here";

/** A suite that starts servers. Where none is at hand it is skipped; CONTEXTBASE_REQUIRE_POSTGRES=1 makes that fail. */
export const describeWhereServer = (name: string, suite: () => void): void => {
  if (hasServerAtHand()) describe(name, suite);
  else if (process.env.CONTEXTBASE_REQUIRE_POSTGRES !== "1")
    describe.skip(`${name} (skipped: ${reason})`, suite);
  else
    describe(name, () =>
      it("has a server, as CONTEXTBASE_REQUIRE_POSTGRES=1 asks for", () => expect.unreachable(reason)),
    );
};

/** A suite with a server of its own, behind a way that can be broken. */
export const describeWithServer = (
  name: string,
  suite: (given: ServerUnderTest) => void,
  options: ServerOptions = {},
): void =>
  describeWhereServer(name, () => {
    let server: TestServer;
    let proxy: BreakableProxy;
    beforeAll(async () => {
      server = await startServer(options);
      proxy = await startProxy(server.port);
      await updateLayout({ url: server.ownerUrl }, { role: appRole });
    });
    afterAll(async () => {
      await proxy?.close();
      await server?.remove();
    });
    suite({ server: () => server, proxy: () => proxy });
  });

/** Opens a store by way of the proxy, and closes it after the test. */
export const openThrough = async (
  { server, proxy }: ServerUnderTest,
  options: PostgresOptions = {},
): Promise<Contextbase> => {
  const url = proxy().through(server().appUrl);
  const engine = postgres({
    url,
    connections: 4,
    ...options,
    timeouts: { ...timeouts, ...options.timeouts },
  });
  const base = await openContextbase({ engine, components: [Anything] });
  onTestFinished(() => base.close());
  return base;
};

export const asOwner = <T>({ server }: ServerUnderTest, work: (client: Client) => Promise<T>): Promise<T> =>
  connect(server().ownerUrl, work);

export const asAdmin = ({ server }: ServerUnderTest, sql: string): Promise<void> =>
  connect(inDatabase(server().adminUrl), async (client) => void (await client.query(sql)));

/** Holds a lock in a session of its own. @returns lets go of it */
export const holding = async ({ server }: ServerUnderTest, sql: string): Promise<() => Promise<void>> => {
  const pool = new Pool({ connectionString: server().ownerUrl, max: 1 });
  pool.on("error", () => undefined);
  const client = await pool.connect();
  await client.query("BEGIN");
  await client.query(sql);
  let held = true;
  const free = async (): Promise<void> => {
    if (!held) return;
    held = false;
    await client.query("ROLLBACK");
    client.release();
    await pool.end();
  };
  onTestFinished(free);
  return free;
};

/** What every write of a tenant locks first. */
export const counterOf = (tenant: string): string =>
  `SELECT FROM contextbase.tenants WHERE tenant = '${tenant}' FOR UPDATE`;

/** The process that waits for a lock; comes back once there is one. */
export const waitingBackend = ({ server }: ServerUnderTest): Promise<number> =>
  connect(server().adminUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query(
        `SELECT pid FROM pg_stat_activity WHERE usename = '${appRole}' AND wait_event_type = 'Lock'`,
      );
      if (rows[0]) return rows[0].pid;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
