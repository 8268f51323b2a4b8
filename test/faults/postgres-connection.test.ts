import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { expect, it, onTestFinished } from "vitest";
import type { ContextbaseView } from "../../src/index.ts";
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

/** A tenant for each test, so that each has a change log of its own. */
let tenants = 0;
const newTenant = (): string => `tenant-${++tenants}`;

const contextOf = (id: string, n = 1) => ({ id, type: "t", content: { n } });

const writesOf = async (view: ContextbaseView): Promise<string[]> => {
  const end = new AbortController();
  const told: string[] = [];
  const last = "the last one";
  await view.store(Anything).storeContext(contextOf("last"), { write: last });
  for await (const change of view.watch({ after: 0, signal: end.signal })) {
    if (change.write === last) break;
    expect(change.position).toBe(told.length + 1);
    told.push(change.id);
  }
  return told;
};

describeWithServer("a PostgreSQL server that goes away", (given) => {
  const open = async (options = {}) => {
    const base = await openThrough(given, options);
    const tenant = newTenant();
    const view = base.as({ id: "tester", tenant });
    const store = view.store(Anything);
    await store.storeContext(contextOf("first"));
    return { base, tenant, view, store };
  };
  const watchOnce = (watch: Parameters<ReturnType<typeof given.proxy>["watch"]>[0]): void => {
    given.proxy().watch(watch);
    onTestFinished(() => given.proxy().watch(undefined));
  };

  it("[G1] in the middle of a commit: the write is acknowledged, and there once", async () => {
    const { tenant, view, store } = await open();
    const free = await holding(given, counterOf(tenant));
    const writing = store.storeContext(contextOf("c"));
    await asAdmin(given, `SELECT pg_terminate_backend(${await waitingBackend(given)})`);
    await free();
    expect(await writing).toMatchObject({ id: "c", version: 1 });
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G1] with the answer to a commit: the write is acknowledged, and there once", async () => {
    const { view, store } = await open();
    let lost = 0;
    watchOnce((direction, bytes) => {
      if (direction === "toServer" || lost > 0 || !bytes.includes("COMMIT")) return "pass";
      lost++;
      return "reset";
    });
    await store.storeContext(contextOf("c"));
    expect(lost).toBe(1);
    expect(await store.retrieveContext("c")).toMatchObject({ version: 1 });
    const changed = await store.updateContext("c", (draft) => ({ ...draft, content: { n: 2 } }));
    expect(changed.version).toBe(2);
    expect(await writesOf(view)).toEqual(["first", "c", "c"]);
  });

  it("[G1] with the answers to several commits, without a word: each write is answered for itself", async () => {
    const { view, store } = await open({ timeouts: { statementMilliseconds: 500, lockMilliseconds: 500 } });
    await store.storeContext(contextOf("named"), { write: `named of ${tenants}` });
    let lost: number | undefined;
    watchOnce((direction, bytes, connection) => {
      if (direction === "toClient" && lost === undefined && bytes.includes("COMMIT")) lost = connection;
      return connection === lost ? "lose" : "pass";
    });
    const answers = await Promise.all([
      store.storeContext(contextOf("new")),
      store.storeContext({ ...contextOf("first", 2), version: 2 }),
      errorOf(() => store.storeContext({ ...contextOf("named", 2), version: 5 })),
      store.storeContext(contextOf("named"), { write: `named of ${tenants}` }),
      store.storeContexts([contextOf("one"), contextOf("two")]),
      store.deleteContext("nothing"),
    ]);
    expect(lost).toBeDefined();
    expect(answers).toMatchObject([
      { version: 1 },
      { version: 2 },
      { code: "version_conflict", current: 1 },
      { version: 1 },
      [{ version: 1 }, { version: 1 }],
      false,
    ]);
    expect(await writesOf(view)).toEqual(["first", "named", "new", "first", "one", "two"]);
  });

  it("[G1] with the request: the write is done once", async () => {
    const { view, store } = await open();
    let lost = 0;
    watchOnce((direction, bytes) => {
      if (direction === "toClient" || lost > 0 || !bytes.includes("the request")) return "pass";
      lost++;
      return "reset";
    });
    await store.storeContext({ id: "c", type: "t", content: { text: "the request" } });
    expect(lost).toBe(1);
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G1] and comes back: writes and reads go on by themselves, nothing lost or doubled", async () => {
    const { view, store } = await open();
    const acknowledged: string[] = ["first"];
    let running = true;
    const writing = (async () => {
      for (let n = 0; running; n++) {
        await store.storeContext(contextOf(`c${n}`));
        acknowledged.push(`c${n}`);
        expect(await store.retrieveContext(`c${n}`)).toBeDefined();
      }
    })();
    await given.server().restart("fast");
    await sleep(100);
    await given.server().kill9();
    await given.server().start();
    await sleep(100);
    running = false;
    await writing;
    expect(await writesOf(view)).toEqual(acknowledged);
  });

  it("[G1, C4] and comes back: a watch goes on, and misses nothing", async () => {
    const { view, store } = await open();
    const told: string[] = [];
    const watching = (async () => {
      for await (const { id } of view.watch({ after: 0 })) {
        told.push(id);
        if (id === "end") return;
      }
    })();
    await store.storeContext(contextOf("before"));
    given.proxy().reset();
    await store.storeContext(contextOf("between"));
    await given.proxy().refuse();
    await sleep(200);
    await given.proxy().accept();
    await store.storeContext(contextOf("end"));
    await watching;
    expect(told).toEqual(["first", "before", "between", "end"]);
  });

  it("[G2] for longer than a call: the outcome is unknown, findWrite tells it, and it stays so", async () => {
    const { view, store, tenant } = await open({ timeouts: { callMilliseconds: 2_000 } });
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
    const { view, store, tenant } = await open({
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
    const { view, store, tenant } = await open({ timeouts: { callMilliseconds: 1_500 } });
    const write = `named ${tenant}`;
    await store.storeContext(contextOf("named"), { write });
    let lost = false;
    watchOnce((direction, bytes) => {
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

  it("[G1] a notification that fails takes nothing back that was committed", async () => {
    const { view, store } = await open();
    const notify = "EXECUTE ON FUNCTION pg_notify(text, text)";
    onTestFinished(() => asAdmin(given, `GRANT ${notify} TO PUBLIC`));
    await asAdmin(given, `REVOKE ${notify} FROM PUBLIC`);
    await store.storeContext(contextOf("c"));
    await store.storeContext(contextOf("d"));
    expect(await writesOf(view)).toEqual(["first", "c", "d"]);
  });

  it("[G3] a lock that another session holds: storage_busy, nothing happened", async () => {
    const { view, store, tenant } = await open({
      timeouts: { lockMilliseconds: 200, callMilliseconds: 1_000 },
    });
    const free = await holding(given, counterOf(tenant));
    expect(await errorOf(() => store.storeContext(contextOf("c")))).toMatchObject({ code: "storage_busy" });
    await free();
    expect(await writesOf(view)).toEqual(["first"]);
  });

  it("[G3] a statement that takes too long: storage_timeout", async () => {
    const { store } = await open({ timeouts: { statementMilliseconds: 500 } });
    const free = await holding(given, "LOCK TABLE contextbase.contexts IN ACCESS EXCLUSIVE MODE");
    expect(await errorOf(() => store.retrieveContext("first"))).toMatchObject({ code: "storage_timeout" });
    await free();
    expect(await store.retrieveContext("first")).toBeDefined();
  });

  it("[G3] no connection of the pool left: storage_busy within the call's time", async () => {
    const pool = new Pool({ connectionString: given.server().appUrl, max: 1, connectionTimeoutMillis: 300 });
    onTestFinished(() => pool.end());
    const { base, store, tenant } = await open({ url: undefined, pool });
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
    const { store } = await open({
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
    const { base, view, store } = await open({ timeouts: { callMilliseconds: 1_000 } });
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
