import { describe, expect, it } from "vitest";
import { type Component, type Contextbase, encodeContext } from "../../src/index.ts";
import { countOlder, upgrade } from "../../src/maintenance/upgrade.ts";
import { countOriginals, finishUpgrade, rollBackUpgrade } from "../../src/maintenance/upgrade-originals.ts";
import { createNew } from "../../src/testing/engine-under-test.ts";
import { engines, manualClock } from "../contract/engines.ts";
import { Middle, New, note, Old, storedOf, tenants } from "./upgrade-components.ts";

const storeOf = <C extends Component>(base: Contextbase, component: C, tenant: string) =>
  base.as({ id: "ann", tenant }).store(component);

/** Encryption changes nothing of it. */
const tested = engines.filter(
  ({ capabilities, name }) => capabilities.port === true && name !== "sqlite encrypted",
);

describe.each(tested)("upgrade on $name", (engine) => {
  const filled = async () => {
    const data = await createNew(engine);
    const clock = manualClock();
    const old = await data.open({ components: [Old], clock });
    for (const tenant of tenants) {
      const store = storeOf(old, Old, tenant);
      await store.storeContexts(["a", "b", "c"].map((id, at) => note(id, at * 10)));
      await store.storeContext({ id: "plan", type: "other", content: { n: 1 }, embeddings: [] });
      await store.storeContext(note("gone", 1));
      clock.advance(1_000);
      await store.storeContext(note("a", 5));
      await store.deleteContext("gone");
    }
    const current = await data.open({ components: [New], clock });
    return { ...data, clock, old, current, owner: await data.openEngine() };
  };

  it("[E3] rewrites every stored context of every tenant, and touches neither versions, times nor the change log", async () => {
    const { owner, current } = await filled();
    const before = new Map<string, unknown>();
    for (const tenant of tenants) {
      const store = storeOf(current, New, tenant);
      before.set(tenant, [
        (await store.listContexts()).contexts.map((one) => ({ ...encodeContext(one), embeddings: [] })),
        await store.history("a"),
        await owner.changes(tenant, 0, 100),
      ]);
    }
    expect(await countOlder(owner, New, {})).toBe(8);
    const told: number[] = [];
    const done = await upgrade(owner, New, { onProgress: (upgraded) => told.push(upgraded) });
    expect(done).toEqual({ upgraded: 8, left: 0, failed: 0, failures: [] });
    expect(told).toEqual([4, 8]);
    expect(await countOlder(owner, New, {})).toBe(0);
    expect(await upgrade(owner, New)).toEqual({ upgraded: 0, left: 0, failed: 0, failures: [] });
    for (const tenant of tenants) {
      const store = storeOf(current, New, tenant);
      expect([
        (await store.listContexts()).contexts.map((one) => ({ ...encodeContext(one), embeddings: [] })),
        await store.history("a"),
        await owner.changes(tenant, 0, 100),
      ]).toEqual(before.get(tenant));
      const stored = await storedOf(owner, New, tenant);
      expect(stored.get("a")).toMatchObject({ schemaVersion: 3, version: 2 });
      expect(JSON.parse(stored.get("a")?.content ?? "")).toEqual({ n: 7, text: "upgraded plain a" });
      expect(JSON.parse(stored.get("plan")?.content ?? "")).toMatchObject({ text: "upgraded undefined" });
      expect(await store.retrieveContext("a", { version: 1 })).toMatchObject({ content: { n: 2 } });
    }
  });

  it("[E3] what contexts are found by follows: rows, texts, vectors, and caches of other stores", async () => {
    const { owner, current, old } = await filled();
    const store = storeOf(current, New, "default");
    const search = async (text: string) =>
      (await store.searchContexts({ text, embeddings: [] })).map(({ context }) => context.id).sort();
    const nearest = async (text: string) => {
      const [hit] = await store.searchContexts({ text, limit: 1 });
      return [hit?.context.id, hit?.why.vector?.similarity.toFixed(2)];
    };
    expect(await search("plain")).toEqual(["a", "b", "c"]);
    expect(await search("upgraded")).toEqual([]);
    expect(await storeOf(old, Old, "default").retrieveContext("b")).toMatchObject({ content: { n: 10 } });
    await upgrade(owner, New);
    expect(await search("upgraded")).toEqual(["a", "b", "c", "plan"]);
    if (engine.capabilities.vectors === true)
      expect(await nearest("upgraded plain c")).toEqual(["c", "1.00"]);
    const { contexts, plan } = await store.listContexts({ where: { "content.n": 12 }, explain: true });
    expect(contexts.map(({ id }) => id)).toEqual(["b"]);
    expect(plan).toMatchObject([{ way: "key rows", path: "content.n", contexts: 1 }]);
    expect(await store.countContexts({ where: { "metadata.seen": true } })).toBe(4);
    const failing = storeOf(old, Old, "default").retrieveContext("b");
    await expect(failing).rejects.toMatchObject({ code: "newer_schema" });
  });

  it("[E3] is rolled back whole, but for what was written since", async () => {
    const { owner, current, old, clock } = await filled();
    const before = await Promise.all(tenants.map((tenant) => storedOf(owner, Old, tenant)));
    const text = async (words: string) =>
      (await storeOf(old, Old, "default").searchContexts({ text: words, embeddings: [] })).map(
        ({ context }) => context.id,
      );
    await upgrade(owner, Middle);
    await upgrade(owner, New);
    clock.advance(1_000);
    const store = storeOf(current, New, "default");
    await store.updateContext("b", (draft) => {
      draft.content = { ...draft.content, n: 100 };
    });
    await store.deleteContext("c");
    expect(await countOriginals(owner, "Note", {})).toBe(8);
    const done = await rollBackUpgrade(owner, "Note");
    expect(done).toEqual({ restored: 6, kept: [{ tenant: "default", id: "b" }] });
    expect(await countOriginals(owner, "Note", {})).toBe(0);
    const after = await Promise.all(tenants.map((tenant) => storedOf(owner, Old, tenant)));
    expect(after[1]).toEqual(before[1]);
    expect(after[0]?.get("a")).toEqual(before[0]?.get("a"));
    expect(after[0]?.get("plan")).toEqual(before[0]?.get("plan"));
    const again = storeOf(old, Old, "default");
    expect(await again.retrieveContext("a")).toMatchObject({ version: 2, content: { n: 5 } });
    expect(await again.retrieveContext("b", { version: 1 })).toMatchObject({ content: { n: 10 } });
    expect(await again.retrieveContext("c", { version: 1 })).toMatchObject({ content: { n: 20 } });
    await expect(again.retrieveContext("b")).rejects.toMatchObject({ code: "newer_schema" });
    expect(await store.retrieveContext("b")).toMatchObject({ version: 2, content: { n: 100 } });
    expect(await store.retrieveContext("a")).toMatchObject({ version: 2, content: { n: 7 } });
    await store.deleteContext("b");
    expect(await text("plain")).toEqual(["a"]);
    expect(await text("upgraded")).toEqual([]);
  });

  it("[E3] an old version that others are compressed by is put back, and the others read as they were", async () => {
    const { owner, current, old } = await filled();
    await upgrade(owner, New);
    const store = storeOf(current, New, "default");
    const body = (n: number) => ({ ...note("b", n, `text ${n} `.repeat(50)), metadata: { seen: true } });
    for (let n = 2; n <= 70; n++) await store.storeContext(body(n));
    expect(await rollBackUpgrade(owner, "Note")).toMatchObject({ kept: [{ tenant: "default", id: "b" }] });
    const before = await storeOf(old, Old, "default").retrieveContext("b", { version: 1 });
    expect(before).toMatchObject({ content: { n: 10, text: "plain b" } });
    for (const n of [2, 20, 33, 40, 69, 70])
      expect((await store.retrieveContext("b", { version: n }))?.content).toEqual(body(n).content);
  });

  it("[E3] once it is finished nothing is rolled back, and it is searched right all the same", async () => {
    const { owner, current } = await filled();
    const store = storeOf(current, New, "default");
    const search = async () => (await store.searchContexts({ text: "upgraded", embeddings: [] })).length;
    expect(await search()).toBe(0);
    await upgrade(owner, New);
    expect(await finishUpgrade(owner, "Note")).toBe(8);
    expect(await rollBackUpgrade(owner, "Note")).toEqual({ restored: 0, kept: [] });
    expect(await search()).toBe(4);
  });
});
