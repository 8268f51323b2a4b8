import { escapeIdentifier, Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { type Contextbase, openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { startLateProxy } from "./late-proxy.ts";
import { connectAs, hasServer, newSchema, rewriteStatements, skipped, urlOf } from "./postgres-schema.ts";

const context = (id: string, version?: number) => ({ id, type: "t", content: { id }, version });

/** A store on a new schema whose statements may become others on their way. */
const openRewritten = async (rewrite: (text: string) => string): Promise<Contextbase> => {
  const schema = await newSchema();
  const pool = new Pool({ connectionString: urlOf("app"), max: 4 });
  onTestFinished(() => pool.end());
  rewriteStatements(pool, rewrite);
  const base = await openContextbase({
    engine: postgres({ pool, schema }),
    components: [Anything],
    cacheBytes: 0,
  });
  onTestFinished(() => base.close());
  return base;
};

/** Two stores of one schema; what one of them sends, or is answered, may be late. */
const openFar = async () => {
  const schema = await newSchema();
  const url = new URL(urlOf("app"));
  const proxy = await startLateProxy(Number(url.port));
  url.port = String(proxy.port);
  const timeouts = { statementMilliseconds: 100, lockMilliseconds: 100 };
  const engine = postgres({ url: url.href, schema, timeouts });
  const components = [Anything];
  const far = await openContextbase({ engine, components });
  const near = await openContextbase({ engine: postgres({ url: urlOf("app"), schema }), components });
  onTestFinished(() => far.close());
  onTestFinished(() => near.close());
  return { far, near, engine, proxy, schema };
};

describe.runIf(hasServer)(`commits${skipped}`, () => {
  it("[V4, V5] what was answered as refused does not happen later, when it arrives a second time", async () => {
    const { far, near, proxy, schema } = await openFar();
    await far.store(Anything).storeContext(context("another"));

    proxy.hold("requests");
    const deleted = far.store(Anything).deleteContext("a");
    // Once the connection is given up, the next try goes by a new one, past the first.
    setTimeout(proxy.letNewThrough, 50);
    expect(await deleted).toBe(false);
    await near.store(Anything).storeContext(context("a"));
    proxy.deliver();

    const admin = await connectAs("superuser");
    const busy =
      "SELECT FROM pg_stat_activity WHERE query ~ $1 AND state <> 'idle' AND pid <> pg_backend_pid()";
    while ((await admin.query(busy, [schema])).rowCount) await new Promise(setImmediate);
    // A connection that is cut off is gone once the server has worked off what came by it.
    await near.store(Anything).storeContext(context("b"));
    expect((await near.store(Anything).history("a")).versions.map(({ operation }) => operation)).toEqual([
      "store",
    ]);
  });

  it("[S1, C2] what was done though its answer was lost is done once, and answered so", async () => {
    const { far, near, engine, proxy } = await openFar();
    const store = far.store(Anything);
    await store.storeContext(context("a"));
    const entries = await engine.entries("default", 0, 10);
    await engine.restore("other", entries);
    const calls = [
      () => store.storeContext(context("a")),
      () => store.storeContext(context("a"), { write: "w" }),
      () => store.deleteContext("a"),
      () => engine.restore("another", entries),
    ];
    for (const call of calls) {
      proxy.hold("answers");
      const done = call();
      setTimeout(proxy.letNewThrough, 50);
      await done;
      proxy.deliver();
    }
    const { versions } = await near.store(Anything).history("a");
    expect(versions.map(({ operation }) => operation)).toEqual(["delete", "store", "store", "store"]);
    const another = near.as({ id: "me", tenant: "another" }).store(Anything);
    expect(await another.retrieveContext("a")).toMatchObject({ version: 1 });
  });

  it("[S1] a write that is durable is answered so, though those who watch cannot be told", async () => {
    const base = await openRewritten((text) =>
      text.replace("pg_notify($1, $2)", "1 / (length($1) * length($2) * 0)"),
    );
    const store = base.store(Anything);
    for (const version of [1, 2, 3])
      expect(await store.storeContext(context("a"))).toMatchObject({ version });
    expect((await store.history("a")).versions).toHaveLength(3);
  });

  it("[S7] writes are answered though what one beside them conflicts with cannot be read", async () => {
    const base = await openRewritten((text) =>
      /UNION ALL\s+\(SELECT v\./.test(text)
        ? text.replace("c.version, c.type", "1 / (c.version * 0), c.type")
        : text,
    );
    const store = base.store(Anything);
    await store.storeContext(context("taken"));
    const answers = await Promise.allSettled([
      store.storeContext(context("a")),
      store.storeContext(context("taken", 7)),
      store.storeContext(context("b")),
    ]);
    expect(answers).toMatchObject([
      { status: "fulfilled", value: { version: 1 } },
      { status: "rejected", reason: { code: "version_conflict", attempted: 7, current: 1 } },
      { status: "fulfilled", value: { version: 1 } },
    ]);
  });

  it.each(["ü".repeat(31), `it's "quoted"; --`, "a%_b\\c"])("a schema may be called %s", async (name) => {
    const schema = await newSchema(name);
    const engine = postgres({ url: urlOf("app"), schema });
    await using base = await openContextbase({ engine, components: [Anything] });
    const changes = base.watch()[Symbol.asyncIterator]();
    const first = changes.next();
    await base.store(Anything).storeContext(context("a"));
    expect(await first).toMatchObject({ value: { id: "a", position: 1 } });
    // Its index of vectors is made by `contextbase update` for the components of a configuration; here there is none.
    const findings = (await base.check()).filter(({ check }) => check !== "pgvector");
    expect(findings.filter(({ status }) => status !== "ok")).toEqual([]);
    const store = base.store(Anything);
    await store.storeContext({ id: "b", type: "t", content: { text: "found" }, embeddings: [1, 2, 3, 4] });
    for (const search of [{ text: "found" }, { embeddings: [1, 2, 3, 4] }])
      expect((await store.searchContexts(search)).map(({ context }) => context.id)).toEqual(["b"]);
    await changes.return?.();
    const owner = await connectAs("owner");
    expect((await owner.query(`SELECT FROM ${escapeIdentifier(name)}.contexts`)).rowCount).toBe(2);
  });
});
