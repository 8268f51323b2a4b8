import { expect } from "vitest";
import type { Contextbase, Engine } from "../../index.ts";
import { Anything, Customer } from "../components.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

type Entries = Awaited<ReturnType<Engine["entries"]>>;

const tenants = ["%", "a", "a'b", "default", "é"];
const components = [Anything, Customer];

/** Everything that a log can hold: a batch, a deletion, a long history, hostile names, embeddings. */
const fill = async (base: Contextbase, clock: ReturnType<typeof manualClock>): Promise<void> => {
  for (const tenant of tenants) {
    const view = base.as({ id: `who's ${tenant}`, tenant });
    const store = view.store(Anything);
    const ids = ["__proto__", "a/b%_'\\\"", "é\u{1F600}"];
    await store.storeContexts(
      ids.map((id) => ({ id, type: "t", content: { id }, embeddings: [1, 2, 3, 4] })),
      { write: "batch" },
    );
    await store.deleteContext("__proto__", { write: "deletion" });
    for (let n = 0; n < 40; n++) {
      clock.advance(n % 5 === 0 ? -500 : 100);
      const content = { n, text: `${tenant} `.repeat(n % 7 === 0 ? 9_000 : 20) };
      await store.storeContext({ id: "long", type: `t${n % 3}`, content, metadata: { n } });
    }
    await view.store(Customer).storeContext({ id: "c", type: "profile", content: { name: tenant } });
  }
};

/** The log of a tenant, in pages of this many. */
const readLog = async (engine: Engine, tenant: string, limit: number): Promise<Entries> => {
  const log: Entries = [];
  for (let page = await engine.entries(tenant, 0, limit); page.length > 0; ) {
    expect(page.length).toBeLessThanOrEqual(limit);
    log.push(...page);
    page = await engine.entries(tenant, log.length, limit);
  }
  return log;
};

/** What stands past the store: the log with all that was written, from which a store can be made anew. */
export const moving = (engine: EngineUnderTest): void => {
  const itPort = itWith(engine, "port");

  const filled = async () => {
    const clock = manualClock();
    const data = await createNew(engine);
    const base = await data.open({ components, clock });
    await fill(base, clock);
    return { clock, base, source: await data.openEngine() };
  };

  itPort("[C1] the log of each tenant holds what each change wrote, page by page", async () => {
    const { source, base } = await filled();
    expect(await source.tenants("", 100)).toEqual(tenants);
    expect(await source.tenants("a", 2)).toEqual(["a'b", "default"]);
    for (const tenant of tenants) {
      const log = await readLog(source, tenant, 1_000);
      expect(await readLog(source, tenant, 7)).toEqual(log);
      expect(log.map(({ change }) => change)).toEqual(await source.changes(tenant, 0, 1_000));
      expect(await source.lastPosition(tenant)).toBe(log.length);
      const store = base.as({ id: "x", tenant }).store(Anything);
      for (const { change, body } of log) {
        if (change.id !== "long") continue;
        const { content, metadata } = await store.getContext("long", { version: change.version });
        expect([body?.content, body?.metadata].map((json) => JSON.parse(json ?? ""))).toEqual([
          content,
          metadata,
        ]);
      }
      expect(log.filter(({ body }) => !body).map(({ change }) => change.operation)).toEqual(["delete"]);
    }
    expect(await source.lastPosition("absent")).toBe(0);
    expect(await source.entries("absent", 0, 10)).toEqual([]);
  });

  itPort("[P1] a store that is made anew from a log is the same store, and goes on from there", async () => {
    const { source, base, clock } = await filled();
    const data = await createNew(engine);
    const copy = await data.open({ components, clock });
    const target = await data.openEngine();
    for (const tenant of tenants) {
      const log = await readLog(source, tenant, 1_000);
      await target.restore(tenant, log.slice(0, 30));
      await target.restore(tenant, log.slice(30));
      expect(await readLog(target, tenant, 1_000)).toEqual(log);
      const [from, to] = [base, copy].map((one) => one.as({ id: "x", tenant }));
      const [was, is] = [from?.store(Anything), to?.store(Anything)];
      expect(await is?.listContexts()).toEqual(await was?.listContexts());
      expect(await is?.history("long")).toEqual(await was?.history("long"));
      expect(await is?.getContext("long", { version: 8 })).toEqual(
        await was?.getContext("long", { version: 8 }),
      );
      expect(await to?.findWrite("batch")).toEqual(await from?.findWrite("batch"));
      const next = { id: "__proto__", type: "t", content: {} };
      await expect(is?.storeContext(next, { write: "batch" })).rejects.toMatchObject({
        code: "write_reused",
      });
      expect(await is?.storeContext(next)).toMatchObject({ version: 3 });
      expect(await target.lastPosition(tenant)).toBe(log.length + 1);
    }
    expect(await target.tenants("", 100)).toEqual(tenants);
  });

  itPort("[P2] entries that do not follow the last one are refused, and change nothing", async () => {
    const { source } = await filled();
    const target = await (await createNew(engine)).openEngine();
    const log = await readLog(source, "a", 1_000);
    await expect(target.restore("a", log.slice(1))).rejects.toMatchObject({ code: "version_conflict" });
    expect(await target.lastPosition("a")).toBe(0);
    await target.restore("a", log.slice(0, 10));
    await expect(target.restore("a", log.slice(0, 10))).rejects.toMatchObject({ code: "version_conflict" });
    await expect(target.restore("a", log.slice(11))).rejects.toMatchObject({ code: "version_conflict" });
    await target.restore("a", []);
    expect(await readLog(target, "a", 100)).toEqual(log.slice(0, 10));
    expect(await target.tenants("", 10)).toEqual(["a"]);
  });

  itPort("the components that a store was opened with are noted, each as it was opened last", async () => {
    const data = await createNew(engine);
    const described = ({ name, describe, schemaVersion }: (typeof components)[number]) => ({
      name,
      schemaVersion,
      description: JSON.stringify(describe()),
    });
    await data.open({ components: [Customer] });
    const source = await data.openEngine();
    expect(await source.components()).toEqual([described(Customer)]);
    await data.open({ components });
    expect(await source.components()).toEqual([described(Anything), described(Customer)]);
  });
};
