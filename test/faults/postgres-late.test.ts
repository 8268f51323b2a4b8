import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { Anything } from "../contract/components.ts";
import { errorOf } from "./files.ts";
import {
  asAdmin,
  counterOf,
  describeWithServer,
  holding,
  openThrough,
  waitingBackend,
} from "./postgres-server.ts";
import { contextOf, openTenant, watchOnce, writesOf } from "./postgres-tenant.ts";

describeWithServer("a PostgreSQL server that answers too late", (given) => {
  it("[G2] for longer than a call: the outcome is unknown, findWrite tells it, and it stays so", async () => {
    const { view, store, tenant } = await openTenant(given, { timeouts: { callMilliseconds: 2_000 } });
    const free = await holding(given, counterOf(tenant));
    const refused = errorOf(() => store.storeContext(contextOf("c"), { write: `frozen ${tenant}` }));
    const plain = errorOf(() => store.storeContext(contextOf("d")));
    const pid = await waitingBackend(given);
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => void errorOf(() => process.kill(pid, "SIGCONT")));
    const [error, other] = [await refused, await plain];
    expect(error).toMatchObject({ code: "outcome_unknown", details: { write: `frozen ${tenant}` } });
    expect(other).toMatchObject({ code: "outcome_unknown" });
    // The frozen one stands in line for the lock: no other write gets past it.
    await free();
    const settled = Object(other).details.write;
    expect(await view.findWrite(`frozen ${tenant}`)).toBeUndefined();
    expect(await view.findWrite(settled)).toBeUndefined();
    process.kill(pid, "SIGCONT");
    await sleep(300);
    expect(await view.findWrite(`frozen ${tenant}`)).toBeUndefined();
    expect(await view.findWrite(settled)).toBeUndefined();
    expect(await store.retrieveContext("c")).toBeUndefined();
    expect(await store.retrieveContext("d")).toBeUndefined();
    // Whoever knows that it did not happen may send it again under its id.
    await store.storeContext(contextOf("c", 2), { write: `frozen ${tenant}` });
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G2] while a commit waits for its standby: findWrite does not guess", async () => {
    const { view, store, tenant } = await openTenant(given, {
      timeouts: { callMilliseconds: 1_500, lockMilliseconds: 500 },
    });
    const nobody = (name: string) => `ALTER SYSTEM SET synchronous_standby_names = '${name}'`;
    const setNobody = async (name: string): Promise<void> => {
      await asAdmin(given, nobody(name));
      await asAdmin(given, "SELECT pg_reload_conf()");
      await sleep(100);
    };
    onTestFinished(() => setNobody(""));
    await setNobody("nobody");
    const write = `waiting ${tenant}`;
    expect(await errorOf(() => store.storeContext(contextOf("c"), { write }))).toMatchObject({
      code: "outcome_unknown",
    });
    expect(Object(await errorOf(() => view.findWrite(write))).code).toMatch(
      /^(storage_busy|outcome_unknown)$/,
    );
    await setNobody("");
    expect(await view.findWrite(write)).toMatchObject({ write, changes: [{ id: "c", version: 1 }] });
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G2] after a commit, before all is read that its answers need: nobody is told that nothing happened", async () => {
    const { view, store, tenant } = await openTenant(given, { timeouts: { callMilliseconds: 1_500 } });
    const write = `named ${tenant}`;
    await store.storeContext(contextOf("named"), { write });
    let lost = false;
    watchOnce(given, (direction, bytes) => {
      if (lost) return "lose";
      lost = direction === "toClient" && bytes.includes("COMMIT");
      return "pass";
    });
    const [again, plain, conflict] = await Promise.all([
      errorOf(() => store.storeContext(contextOf("named"), { write })),
      errorOf(() => store.storeContext(contextOf("plain"))),
      errorOf(() => store.storeContext({ ...contextOf("first"), version: 7 })),
    ]);
    given.proxy().watch(undefined);
    expect([again, plain, conflict]).toMatchObject(Array(3).fill({ code: "outcome_unknown" }));
    expect(await view.findWrite(Object(plain).details.write)).toMatchObject({ changes: [{ id: "plain" }] });
    expect(await view.findWrite(Object(conflict).details.write)).toBeUndefined();
    expect(await writesOf(view)).toEqual(["first", "named", "plain"]);
  });

  it("[G3] a lock that another session holds: storage_busy, nothing happened", async () => {
    const { view, store, tenant } = await openTenant(given, {
      // An answer may come a second late, and yet there is time for a second try.
      timeouts: { lockMilliseconds: 1_000, callMilliseconds: 2_900 },
    });
    const free = await holding(given, counterOf(tenant));
    expect(await errorOf(() => store.storeContext(contextOf("c")))).toMatchObject({ code: "storage_busy" });
    await free();
    expect(await writesOf(view)).toEqual(["first"]);
  });

  it("[G3] a statement that takes too long: storage_timeout", async () => {
    const { store } = await openTenant(given, { timeouts: { statementMilliseconds: 500 } });
    const free = await holding(given, "LOCK TABLE contextbase.contexts IN ACCESS EXCLUSIVE MODE");
    expect(await errorOf(() => store.retrieveContext("first"))).toMatchObject({ code: "storage_timeout" });
    await free();
    expect(await store.retrieveContext("first")).toBeDefined();
  });

  it("[G3] no connection of the pool left: storage_busy within the call's time", async () => {
    const pool = new Pool({ connectionString: given.server().appUrl, max: 1, connectionTimeoutMillis: 300 });
    onTestFinished(() => pool.end());
    const { base, store, tenant } = await openTenant(given, { url: undefined, pool });
    const hasty = await openThrough(given, { url: undefined, pool, timeouts: { callMilliseconds: 800 } });
    const free = await holding(given, counterOf(tenant));
    const writing = store.storeContext(contextOf("c"));
    await waitingBackend(given);
    expect(await errorOf(() => hasty.store(Anything).retrieveContext("c"))).toMatchObject({
      code: "storage_busy",
    });
    const patient = base.store(Anything).retrieveContext("c");
    await free();
    expect(await writing).toMatchObject({ version: 1 });
    expect(await patient).toBeUndefined();
  });

  it("[G3] no connection of the server left: waits for one, or storage_busy", async () => {
    const { store } = await openTenant(given, {
      timeouts: { lockMilliseconds: 1_000, callMilliseconds: 5_000 },
    });
    await asAdmin(given, "ALTER ROLE contextbase_app CONNECTION LIMIT 0");
    onTestFinished(() => asAdmin(given, "ALTER ROLE contextbase_app CONNECTION LIMIT -1"));
    given.proxy().reset();
    await sleep(50);
    expect(await errorOf(() => store.retrieveContext("first"))).toMatchObject({ code: "storage_busy" });
    const waiting = store.retrieveContext("first");
    await asAdmin(given, "ALTER ROLE contextbase_app CONNECTION LIMIT -1");
    expect(await waiting).toBeDefined();
  });

  it("[G3] a store closes in time where nothing gets through any more", async () => {
    const { base, view, store } = await openTenant(given, { timeouts: { callMilliseconds: 1_000 } });
    await Promise.all(Array.from({ length: 4 }, (_, n) => store.history(`c${n}`)));
    const watching = errorOf(async () => {
      for await (const _ of view.watch({ after: 1 })) break;
    });
    onTestFinished(() => {
      for (const direction of ["toServer", "toClient"] as const) given.proxy().set(direction, "pass");
    });
    for (const direction of ["toServer", "toClient"] as const) given.proxy().set(direction, "hold");
    const writing = errorOf(() => store.storeContext(contextOf("c")));
    await base.close();
    expect(await watching).toMatchObject({ code: "closed" });
    expect(Object(await writing).code).toMatch(/^(outcome_unknown|storage_unreachable)$/);
  });
});
