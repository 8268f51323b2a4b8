import { Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { type ContextbaseView, encodeContext, openContextbase } from "../../src/index.ts";
import { tenants } from "../../src/testing/contract/tenants.ts";
import type { EngineUnderTest } from "../../src/testing/index.ts";
import { Anything } from "../contract/components.ts";
import { manualClock } from "../contract/engines.ts";
import { hasServer, newSchema, rewriteStatements, skipped, urlOf } from "./postgres-schema.ts";

const ofTenant = /\b(?:\w+\.)?tenant = \$1/g;
/** A statement that takes the rows of all tenants for its own. */
const withoutTenant = (text: string): string => text.replaceAll(ofTenant, "$1::text IS NOT NULL");

type Fence = {
  readonly name: string;
  readonly role: "app" | "superuser";
  readonly rewrite: (text: string) => string;
};

/** Each of the two alone must hold. */
const fences: readonly Fence[] = [
  { name: "row-level security alone, no statement naming the tenant", role: "app", rewrite: withoutTenant },
  { name: "the statements alone, as a superuser", role: "superuser", rewrite: (text) => text },
];

const newPool = (role: Fence["role"], options: { readonly max: number }): Pool => {
  const pool = new Pool({ connectionString: urlOf(role), ...options });
  onTestFinished(() => pool.end());
  return pool;
};

const [ours, theirs] = ["ann", "a_n%' --\\/🦉"] as const;

const collect = async <Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> => {
  const collected: Item[] = [];
  if (count > 0)
    for await (const item of items) {
      collected.push(item);
      if (collected.length === count) break;
    }
  return collected;
};

const asTold = (cause: unknown): unknown =>
  cause instanceof Error && "code" in cause ? { code: cause.code, message: cause.message } : cause;

/** Every operation there is, as one tenant, and what it gave. */
const doEverything = async (
  view: ContextbaseView,
  engine: Engine,
  tenant: string,
  count: number,
): Promise<unknown[]> => {
  const told: unknown[] = [];
  const tell = async (work: Promise<unknown>): Promise<void> => {
    told.push(JSON.parse(JSON.stringify((await work.catch(asTold)) ?? null)));
  };
  const store = view.store(Anything);
  const one = (n: number, version?: number) => ({ id: "a", type: "t", content: { of: tenant, n }, version });
  const ids = ["a", "b", "only of ann"];
  const read = async (): Promise<void> => {
    for (const id of ids) {
      await tell(store.retrieveContext(id).then((found) => found && encodeContext(found)));
      for (const version of [1, 2, 3, 4]) await tell(store.retrieveContext(id, { version }));
      for (const asOf of [1, 2, 3, 4])
        await tell(store.retrieveContext(id, { asOf: new Date(asOf * 1_000) }));
      await tell(store.getContext(id));
      await tell(store.history(id));
    }
    await tell(store.retrieveContexts(ids));
    for (const limit of [1, 50]) await tell(store.listContexts({ limit }));
    await tell(store.listContexts({ type: "t" }));
    for (const write of ["w1", "w2", "w3", "absent"]) await tell(view.findWrite(write));
    await tell(engine.changes(tenant, 0, 100));
    await tell(engine.lastPosition(tenant));
    await tell(engine.entries(tenant, 0, 100));
  };
  await read();
  for (let n = 1; n <= count; n++) {
    await tell(store.storeContext(one(n, n), { write: `w${n}` }));
    await tell(store.storeContext(one(n, n), { write: `w${n}` }));
    await tell(store.storeContexts([one(n, 9), { id: "b", type: "t", content: {} }]));
    await tell(store.storeContexts([{ id: "b", type: "u", content: { n } }], { write: `batch ${n}` }));
    await read();
    await tell(
      store.updateContext("a", (draft) => ({ ...draft, content: { updated: n } }), { write: `u${n}` }),
    );
    await tell(store.deleteContext("only of ann"));
    await tell(store.deleteContext("b", { write: `d${n}` }));
    await tell(store.deleteContext("a", { version: 9 }));
    await tell(store.storeContext(one(n)));
    await read();
  }
  const made = await engine.lastPosition(tenant);
  await tell(collect(view.watch({ after: 0 }), made));
  return told;
};

describe.runIf(hasServer)(`two tenants${skipped}`, () => {
  for (const { name, role, rewrite } of fences) {
    const create: EngineUnderTest["create"] = async () => {
      const schema = await newSchema();
      const pool = newPool(role, { max: 10 });
      rewriteStatements(pool, rewrite);
      return {
        open: (options) => openContextbase({ ...options, engine: postgres({ pool, schema }) }),
        remove: async () => {},
      };
    };
    describe(name, () =>
      tenants({
        name,
        capabilities: { reopens: true, severalStores: true, port: "not asked for", vectors: true },
        create,
      }),
    );

    it(`[S5] every operation of a tenant gives what it gives where there is no other: ${name}`, async () => {
      const run = async (withOthers: boolean): Promise<unknown[]> => {
        const schema = await newSchema();
        const pool = newPool(role, { max: 4 });
        let rewritten = 0;
        rewriteStatements(pool, (text) => {
          const changed = rewrite(text);
          if (changed !== text) rewritten++;
          return changed;
        });
        const clock = manualClock(0);
        let made = 0;
        const newId = (): string => `made ${++made}`;
        const engine = postgres({ pool, schema });
        await using base = await openContextbase({
          engine,
          components: [Anything],
          clock,
          newId,
          cacheBytes: 0,
        });
        if (withOthers) {
          const other = base.as({ id: "other", tenant: ours });
          await doEverything(other, engine, ours, 2);
          await other.store(Anything).storeContext({ id: "only of ann", type: "t", content: { secret: 1 } });
        }
        clock.set(10_000);
        made = 1_000;
        const told = await doEverything(base.as({ id: "me", tenant: theirs }), engine, theirs, 2);
        // Were a statement written another way, this test would look at nothing.
        expect(rewritten).toBeGreaterThanOrEqual(role === "app" ? 10 : 0);
        return told;
      };
      expect(await run(true)).toEqual(await run(false));
    });
  }

  it("[S5] no statement that reads or changes a tenant's rows leaves its tenant out", async () => {
    const schema = await newSchema();
    const pool = newPool("app", { max: 1 });
    const prepared = new Set<string>();
    rewriteStatements(pool, (text) => {
      prepared.add(text);
      return text;
    });
    const engine = postgres({ pool, schema });
    await using base = await openContextbase({ engine, components: [Anything] });
    await doEverything(base.as({ id: "me", tenant: theirs }), engine, theirs, 1);
    const table = new RegExp(
      `(?:FROM|JOIN|UPDATE|DELETE FROM) "${schema}"\\.(contexts|versions|changes|writes|tenants)`,
      "g",
    );
    for (const text of prepared) {
      const named = text.match(ofTenant)?.length ?? 0;
      expect(named, text).toBeGreaterThanOrEqual(text.match(table)?.length ?? 0);
    }
    expect(prepared.size).toBeGreaterThan(15);
  });

  it("[S5] the tenant's setting does not outlive its transaction on a connection", async () => {
    const schema = await newSchema();
    const pool = newPool("app", { max: 1 });
    const engine = postgres({ pool, schema });
    await using base = await openContextbase({ engine, components: [Anything], cacheBytes: 0 });
    const store = base.as({ id: "me", tenant: ours }).store(Anything);
    const calls: (() => Promise<unknown>)[] = [
      () => store.storeContext({ id: "a", type: "t", content: {} }),
      () => store.storeContext({ id: "a", type: "t", content: {}, version: 9 }).catch(() => undefined),
      () => store.retrieveContext("a"),
      () => store.retrieveContext("a", { version: 1 }),
      () => store.history("a"),
      () => store.listContexts(),
      () => base.findWrite("absent"),
      () => store.deleteContext("a"),
      () => engine.entries(ours, 0, 10),
    ];
    for (const call of calls) {
      await call();
      const { rows } = await pool.query("SELECT current_setting('contextbase.tenant', true) AS tenant");
      expect(rows[0].tenant ?? "", String(call)).toBe("");
      const { rows: seen } = await pool.query(`SELECT FROM ${schema}.contexts`);
      expect(seen, String(call)).toEqual([]);
    }
    expect(pool.totalCount).toBe(1);
  });

  it("[S5] a superuser is warned that row-level security does not bind it, and works", async () => {
    const schema = await newSchema();
    const warned: unknown[] = [];
    const hear = (warning: Error): void => {
      warned.push("code" in warning ? warning.code : warning.name);
    };
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    for (const role of ["app", "superuser"] as const) {
      const engine = postgres({ url: urlOf(role), schema });
      await using base = await openContextbase({ engine, components: [Anything] });
      await base.store(Anything).storeContext({ id: role, type: "t", content: {} });
      // A warning is told in the next turn of the event loop.
      await new Promise(setImmediate);
      expect(warned).toEqual(role === "app" ? [] : ["CONTEXTBASE_ROLE"]);
    }
  });
});
