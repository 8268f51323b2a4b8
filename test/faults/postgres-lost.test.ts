import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { errorOf } from "./files.ts";
import { asAdmin, counterOf, describeWithServer, holding, waitingBackend } from "./postgres-server.ts";
import { contextOf, openTenant, watchOnce, writesOf } from "./postgres-tenant.ts";

describeWithServer("a PostgreSQL server that goes away", (given) => {
  it("[G1] in the middle of a commit: the write is acknowledged, and there once", async () => {
    const { tenant, view, store } = await openTenant(given);
    const free = await holding(given, counterOf(tenant));
    const writing = store.storeContext(contextOf("c"));
    await asAdmin(given, `SELECT pg_terminate_backend(${await waitingBackend(given)})`);
    await free();
    expect(await writing).toMatchObject({ id: "c", version: 1 });
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G1] with the answer to a commit: the write is acknowledged, and there once", async () => {
    const { view, store } = await openTenant(given);
    let lost = 0;
    watchOnce(given, (direction, bytes) => {
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
    const { view, store, tenant } = await openTenant(given, {
      timeouts: { statementMilliseconds: 500, lockMilliseconds: 500 },
    });
    await store.storeContext(contextOf("named"), { write: `named of ${tenant}` });
    let lost: number | undefined;
    watchOnce(given, (direction, bytes, connection) => {
      if (direction === "toClient" && lost === undefined && bytes.includes("COMMIT")) lost = connection;
      return connection === lost ? "lose" : "pass";
    });
    const answers = await Promise.all([
      store.storeContext(contextOf("new")),
      store.storeContext({ ...contextOf("first", 2), version: 2 }),
      errorOf(() => store.storeContext({ ...contextOf("named", 2), version: 5 })),
      store.storeContext(contextOf("named"), { write: `named of ${tenant}` }),
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
    const { view, store } = await openTenant(given);
    let lost = 0;
    watchOnce(given, (direction, bytes) => {
      if (direction === "toClient" || lost > 0 || !bytes.includes("the request")) return "pass";
      lost++;
      return "reset";
    });
    await store.storeContext({ id: "c", type: "t", content: { text: "the request" } });
    expect(lost).toBe(1);
    expect(await writesOf(view)).toEqual(["first", "c"]);
  });

  it("[G1] and comes back: writes and reads go on by themselves, nothing lost or doubled", async () => {
    const { view, store } = await openTenant(given);
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
    const { view, store } = await openTenant(given);
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

  it("[G1] a notification that fails takes nothing back that was committed", async () => {
    const { view, store } = await openTenant(given);
    const notify = "EXECUTE ON FUNCTION pg_notify(text, text)";
    onTestFinished(() => asAdmin(given, `GRANT ${notify} TO PUBLIC`));
    await asAdmin(given, `REVOKE ${notify} FROM PUBLIC`);
    await store.storeContext(contextOf("c"));
    await store.storeContext(contextOf("d"));
    expect(await writesOf(view)).toEqual(["first", "c", "d"]);
  });
});
