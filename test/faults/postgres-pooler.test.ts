import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPgBouncer, startServer, type TestServer } from "../../scripts/postgres/server.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { repeating } from "../../src/testing/contract/repeating.ts";
import { sharing } from "../../src/testing/contract/sharing.ts";
import { storing } from "../../src/testing/contract/storing.ts";
import { tenants } from "../../src/testing/contract/tenants.ts";
import { watching } from "../../src/testing/contract/watching.ts";
import type { EngineUnderTest } from "../../src/testing/index.ts";
import { dropIdleTables, giveTablesBack, takeTables } from "../contract/kept-tables.ts";
import { makeTablesOnServer } from "../contract/postgres.ts";
import { describeWhereServer } from "./postgres-server.ts";

type Running = { readonly server: TestServer; readonly pooler: Awaited<ReturnType<typeof startPgBouncer>> };

describeWhereServer("through a PgBouncer that pools by transaction", () => {
  let running: Running | undefined;
  beforeAll(async () => {
    const server = await startServer();
    running = { server, pooler: await startPgBouncer(server) };
  });
  afterAll(async () => {
    await dropIdleTables();
    await running?.pooler.stop();
    await running?.server.remove();
  });

  for (const prepared of [true, false]) {
    const name = prepared ? "prepared statements" : "no prepared statements";
    const engine: EngineUnderTest = {
      name,
      capabilities: { reopens: true, severalStores: true, port: "looked at without a pooler", vectors: true },
      create: async () => {
        if (!running) throw new Error("There is no server.");
        const { server, pooler } = running;
        const make = () => makeTablesOnServer(server.ownerUrl, server.appUrl);
        const tables = await takeTables(server.ownerUrl, make);
        const { schema } = tables;
        const options = { url: pooler.appUrl, listenUrl: server.appUrl, schema, prepared };
        return {
          open: (given) => openContextbase({ ...given, engine: postgres(options) }),
          remove: () => giveTablesBack(server.ownerUrl, tables),
        };
      },
    };
    describe.each(Object.entries({ storing, sharing, tenants, repeating, watching }))(
      `%s, ${name}`,
      { timeout: 60_000 },
      (_, suite) => suite(engine),
    );
  }

  it("is what the suites went through", () => {
    expect(running?.pooler.port).not.toBe(running?.server.port);
  });
});
