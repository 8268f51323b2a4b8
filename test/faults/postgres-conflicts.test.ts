import { expect, it, onTestFinished } from "vitest";
import type { PostgresOptions } from "../../src/engine/postgres/index.ts";
import { Anything } from "../contract/components.ts";
import { errorOf } from "./files.ts";
import {
  appRole,
  asAdmin,
  asOwner,
  counterOf,
  describeWithServer,
  openThrough,
  waitingBackend,
} from "./postgres-server.ts";

const contextOf = (n: number) => ({ id: "c", type: "t", content: { n } });

describeWithServer("a PostgreSQL server that ends one of two that are in each other's way", (given) => {
  const open = async (tenant: string, timeouts: PostgresOptions["timeouts"] = {}) => {
    const base = await openThrough(given, { timeouts });
    const view = base.as({ id: "tester", tenant });
    const store = view.store(Anything);
    await store.storeContext(contextOf(1), { write: "first" });
    return { view, store };
  };

  /** How often the server told somebody so by way of the proxy. */
  const countTold = (state: string): (() => number) => {
    let told = 0;
    given.proxy().watch((direction, bytes) => {
      if (direction === "toClient" && bytes.includes(`C${state}\0`)) told++;
      return "pass";
    });
    onTestFinished(() => given.proxy().watch(undefined));
    return () => told;
  };

  /** Who looks first for a deadlock is the one whom it ends. */
  const lookAfter = async (role: string, milliseconds: number): Promise<void> => {
    await asAdmin(given, `ALTER ROLE ${role} SET deadlock_timeout = ${milliseconds}`);
    onTestFinished(() => asAdmin(given, `ALTER ROLE ${role} RESET deadlock_timeout`));
  };

  for (const { victim, ofStore, ofOther } of [
    { victim: "the write", ofStore: 1_000, ofOther: 60_000 },
    { victim: "the other", ofStore: 60_000, ofOther: 1_000 },
  ])
    it(`[G1] a deadlock that ends ${victim}: the write is acknowledged, and there once`, async () => {
      await lookAfter(appRole, ofStore);
      await lookAfter("contextbase_owner", ofOther);
      const tenant = `deadlock that ends ${victim}`;
      // Neither is to be freed by the end of its time for a lock.
      const { view, store } = await open(tenant, { lockMilliseconds: 20_000, callMilliseconds: 50_000 });
      const told = countTold("40P01");
      const { writing, theirs } = await asOwner(given, async (other) => {
        await other.query("BEGIN");
        await other.query(`SELECT FROM contextbase.contexts WHERE tenant = '${tenant}' FOR UPDATE`);
        const writing = store.storeContext({ ...contextOf(2), version: 2 }, { write: "second" });
        await waitingBackend(given);
        const theirs = await errorOf(() => other.query(counterOf(tenant)));
        await other.query("ROLLBACK");
        return { writing: await writing, theirs };
      });
      expect(writing).toMatchObject({ id: "c", version: 2 });
      expect(told()).toBe(victim === "the write" ? 1 : 0);
      expect(theirs).toMatchObject(victim === "the write" ? { returned: {} } : { code: "40P01" });
      expect((await store.history("c")).versions).toMatchObject([{ version: 2 }, { version: 1 }]);
      expect(await view.findWrite("second")).toMatchObject({
        changes: [{ id: "c", version: 2 }],
      });
    });

  /**
   * Refuses the rows of a tenant as a serialization failure, of the first so many tries.
   * @returns how many tries there were, and no longer refuses
   */
  const refuse = async (tenant: string, tries: number): Promise<() => Promise<number>> => {
    const schema = `refusing_${tenant}`;
    const remove = () => asAdmin(given, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    onTestFinished(remove);
    // A sequence goes on counting where its transaction is taken back.
    await asOwner(given, (owner) =>
      owner.query(`
        CREATE SCHEMA ${schema};
        CREATE SEQUENCE ${schema}.tries;
        CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
          IF nextval('${schema}.tries') <= ${tries} THEN
            RAISE 'in the way of another' USING ERRCODE = '40001';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON contextbase.contexts FOR EACH ROW
          WHEN (NEW.tenant = '${tenant}') EXECUTE FUNCTION ${schema}.refuse()`),
    );
    return async () => {
      const { rows } = await asOwner(given, (owner) =>
        owner.query(`SELECT last_value::int AS tries FROM ${schema}.tries`),
      );
      await remove();
      return rows[0]?.tries;
    };
  };

  it("[G1] a serialization failure that passes: the write is acknowledged, and there once", async () => {
    const { view, store } = await open("passing");
    const tries = await refuse("passing", 2);
    const told = countTold("40001");
    expect(await store.storeContext(contextOf(2), { write: "second" })).toMatchObject({ version: 2 });
    expect(told()).toBe(2);
    expect(await tries()).toBe(3);
    expect((await store.history("c")).versions).toMatchObject([{ version: 2 }, { version: 1 }]);
    expect(await view.findWrite("second")).toMatchObject({ changes: [{ version: 2 }] });
  });

  it("[G3] a serialization failure that stays: storage_busy once the call's time is over, nothing happened", async () => {
    const timeouts = { lockMilliseconds: 200, callMilliseconds: 2_000 };
    const { view, store } = await open("staying", timeouts);
    const tries = await refuse("staying", 1_000_000);
    expect(await errorOf(() => store.storeContext(contextOf(2), { write: "second" }))).toMatchObject({
      code: "storage_busy",
      details: { state: "40001" },
    });
    // The pauses between tries bound how many come into a call's time.
    const tried = await tries();
    expect(tried).toBeGreaterThan(1);
    expect(tried).toBeLessThanOrEqual(10);
    expect((await store.history("c")).versions).toMatchObject([{ version: 1 }]);
    expect(await view.findWrite("second")).toBeUndefined();
    expect(await store.storeContext(contextOf(2))).toMatchObject({ version: 2 });
  });
});
