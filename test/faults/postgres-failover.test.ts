import { createHash } from "node:crypto";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import { run } from "../../scripts/postgres/command.ts";
import { inside } from "../../scripts/postgres/folders.ts";
import { isRoot, serverUser } from "../../scripts/postgres/installation.ts";
import { connect } from "../../scripts/postgres/roles.ts";
import type { TestServer } from "../../scripts/postgres/server.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { errorOf } from "./files.ts";
import {
  asAdmin,
  describeWithServer,
  openThrough,
  type ServerUnderTest,
  timeouts,
} from "./postgres-server.ts";

/** Text that the server cannot compress. */
const fillOf = (n: number, bytes: number): string =>
  Array.from({ length: bytes / 40 }, (_, part) =>
    createHash("sha1").update(`${n} ${part}`).digest("hex"),
  ).join("");

const contextOf = (id: string, n: number, bytes = 0) => ({
  id,
  type: "t",
  content: { n, fill: fillOf(n, bytes) },
});

/** Until the standby has all that the primary has. */
const caughtUp = async (primary: TestServer, standby: TestServer): Promise<void> => {
  const { rows } = await connect(primary.adminUrl, (client) =>
    client.query("SELECT pg_current_wal_lsn() AS lsn"),
  );
  await connect(standby.adminUrl, async (client: Client) => {
    for (;;) {
      const found = await client.query("SELECT pg_last_wal_replay_lsn() >= $1 AS there", [rows[0].lsn]);
      if (found.rows[0].there) return;
      await sleep(20);
    }
  });
};

const startStandby = async ({ server }: ServerUnderTest): Promise<TestServer> => {
  const standby = await server().startStandby();
  onTestFinished(() => standby.remove());
  return standby;
};

describeWithServer("a full disk of a PostgreSQL server", (given) => {
  /** The tables on a disk of their own, so that the server's log of writes goes on. */
  const moveToSmallDisk = async (megabytes: number, skip: TestContext["skip"]): Promise<void> => {
    if (!isRoot()) return skip("only root can mount a disk");
    const { installation, folder } = given.server().record.cluster;
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const { user, group } = serverUser(installation.root);
    chownSync(disk, user, group);
    const options = `size=${megabytes}m,mode=0700,uid=${user},gid=${group}`;
    await run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk]);
    await asAdmin(given, `CREATE TABLESPACE small LOCATION '${inside(installation, disk)}'`);
    for (const table of ["contexts", "versions"])
      await asAdmin(given, `ALTER TABLE contextbase.${table} SET TABLESPACE small`);
  };

  it("[G6] refuses writes by name, loses nothing acknowledged, reads go on, and room makes it well", async ({
    skip,
  }) => {
    await moveToSmallDisk(8, skip);
    const base = await openThrough(given);
    const store = base.store(Anything);
    const acknowledged = new Map<string, number>();
    const refused: string[] = [];
    for (let n = 0; refused.length < 5; n++) {
      const id = `c${n % 20}`;
      const write = `put ${n}`;
      const error = await errorOf(async () => {
        await store.storeContext(contextOf(id, n, 150_000), { write });
        acknowledged.set(id, n);
      });
      if (!(error instanceof Error)) continue;
      expect(error).toMatchObject({ code: "storage_full" });
      refused.push(write);
    }
    expect(acknowledged.size).toBeGreaterThan(5);
    for (const [id, n] of acknowledged) expect((await store.retrieveContext(id))?.content.n).toBe(n);
    for (const write of refused) expect(await base.findWrite(write)).toBeUndefined();
    for (const table of ["contexts", "versions"])
      await asAdmin(given, `ALTER TABLE contextbase.${table} SET TABLESPACE pg_default`);
    await store.storeContext(contextOf("c0", 1_000, 150_000), { write: refused[0] });
    expect((await store.retrieveContext("c0"))?.content.n).toBe(1_000);
  });
});

describeWithServer("a PostgreSQL server with a standby", (given) => {
  it("[G7] a standby is read, and refuses writes by name", async () => {
    const base = await openThrough(given);
    await base.store(Anything).storeContext(contextOf("c", 1), { write: "the first" });
    const standby = await startStandby(given);
    await caughtUp(given.server(), standby);
    const engine = postgres({ url: standby.appUrl, timeouts: { ...timeouts, callMilliseconds: 1_000 } });
    const reading = await openContextbase({ engine, components: [Anything] });
    onTestFinished(() => reading.close());
    const store = reading.store(Anything);
    expect(await store.retrieveContext("c")).toMatchObject({ version: 1 });
    expect((await store.listContexts()).contexts).toHaveLength(1);
    expect(await reading.findWrite("the first")).toMatchObject({ changes: [{ id: "c" }] });
    for (const write of [
      () => store.storeContext(contextOf("d", 1)),
      () => store.deleteContext("c"),
      () => reading.findWrite("another"),
    ])
      expect(await errorOf(write)).toMatchObject({ code: "storage_read_only" });
  });

  it("[G7] goes on by itself where the primary is gone and the standby promoted", async () => {
    const base = await openThrough(given);
    const view = base.as({ id: "tester", tenant: "failover" });
    const store = view.store(Anything);
    const told: string[] = [];
    const watching = (async () => {
      for await (const { id } of view.watch({ after: 0 })) {
        told.push(id);
        if (id === "end") return;
      }
    })();
    for (let n = 0; n < 5; n++) await store.storeContext(contextOf(`c${n}`, n));
    const standby = await startStandby(given);
    await caughtUp(given.server(), standby);
    await given.server().stop("immediate");
    const during = store.storeContext(contextOf("during", 1));
    // Clients find the new primary before it is one: for a moment it is a standby still.
    given.proxy().lead(standby.port);
    await sleep(200);
    await standby.promote();
    expect(await during).toMatchObject({ version: 1 });
    expect(await store.retrieveContext("c4")).toMatchObject({ content: { n: 4 } });
    await store.storeContext(contextOf("end", 1));
    await watching;
    expect(told).toEqual(["c0", "c1", "c2", "c3", "c4", "during", "end"]);
  });
});
