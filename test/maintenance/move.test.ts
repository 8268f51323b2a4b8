import { openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkFile } from "../../scripts/campaigns/check-store.ts";
import type { Entry } from "../../src/engine/engine.ts";
import { Anything } from "../contract/components.ts";
import { errorOf } from "../faults/files.ts";
import { components, engineOf, fill, key, move, newPlace, readAll, tenants } from "./fixture.ts";

describe("a move", () => {
  it.for([
    ["a plain file", "an encrypted one", undefined, key],
    ["an encrypted file", "a plain one", key, undefined],
  ] as const)("[P1] from %s to %s brings everything as it is", async ([, , fromKey, toKey]) => {
    const [source, target] = [newPlace(fromKey), newPlace(toKey)];
    await fill(source, 1);
    const [from, to] = [await engineOf(source), await engineOf(target)];
    const moved = await move(from, to);
    expect(moved.map(({ tenant }) => tenant)).toEqual(await from.tenants("", 10));
    for (const { tenant, changes, moved: brought } of moved) {
      expect({ changes, brought }).toEqual({ changes: await to.lastPosition(tenant), brought: changes });
    }
    expect(await readAll(to)).toEqual(await readAll(from));
    expect(await to.components()).toEqual(await from.components());
    expect((await to.components()).map(({ name }) => name)).toEqual(components.map(({ name }) => name));
    await to.close();
    if (toKey) expect(checkFile(target.path)).toEqual([]);
  });

  it("[P1] goes through memory and back, and what arrives can be written on", async () => {
    const [source, target] = [newPlace(key), newPlace(key)];
    await fill(source, 2);
    const [from, to] = [await engineOf(source), await engineOf(target)];
    const through = await engineOf({ path: "", url: ":memory:", key: undefined });
    const there = await move(from, through);
    expect(await move(through, to)).toEqual(there);
    const base = await openContextbase({ engine: to, components });
    const things = base.as({ id: "w", tenant: "a" }).store(Anything);
    const { versions } = await things.history("long", { limit: 1 });
    const next = (versions[0]?.version ?? 0) + 1;
    const stored = await things.storeContext({ id: "long", type: "one", content: {}, version: next });
    expect(stored.version).toBe(next);
    const reused = await errorOf(() =>
      things.storeContext({ id: "n", type: "one", content: {} }, { write: "0 first" }),
    );
    expect(reused).toMatchObject({ code: "write_reused" });
    await to.close();
    expect(checkFile(target.path)).toEqual([]);
  });

  it("[P1, P2] leaves the source to be written to, and made again brings what is new", async () => {
    const [source, target] = [newPlace(), newPlace(key)];
    await fill(source, 3);
    const [from, to] = [await engineOf(source), await engineOf(target)];
    const base = await openContextbase({ url: source.url, components });
    onTestFinished(base.close);
    const things = base.as({ id: "w", tenant: "default" }).store(Anything);
    let n = 0;
    const writing: Promise<unknown>[] = [];
    const first = await move(from, to, {
      onProgress: () => writing.push(things.storeContext({ id: `new ${n++}`, type: "one", content: { n } })),
    });
    await Promise.all(writing);
    const second = await move(from, to);
    const total = (moved: typeof first) => moved.reduce((sum, { changes }) => sum + changes, 0);
    expect(n).toBeGreaterThan(3);
    expect(second.reduce((sum, { moved }) => sum + moved, 0)).toBe(total(second) - total(first));
    expect(await readAll(to)).toEqual(await readAll(from));
    expect((await move(from, to)).map(({ moved }) => moved)).toEqual(tenants.map(() => 0));
  });

  it("[P2] stopped by a signal goes on where it ended", async () => {
    const [source, target] = [newPlace(), newPlace(key)];
    await fill(source, 4);
    const [from, to] = [await engineOf(source), await engineOf(target)];
    const stopping = new AbortController();
    const stopped = await errorOf(() =>
      move(from, to, {
        signal: stopping.signal,
        onProgress: ({ done }) => done > 600 && stopping.abort(new Error("enough")),
      }),
    );
    expect(stopped).toMatchObject({ message: "enough" });
    const moved = await move(from, to);
    const brought = moved.reduce((sum, one) => sum + one.moved, 0);
    expect(brought).toBeGreaterThan(0);
    expect(brought).toBeLessThan(moved.reduce((sum, one) => sum + one.changes, 0) - 600);
    expect(await readAll(to)).toEqual(await readAll(from));
  });

  it("[P1] of an empty store brings an empty store", async () => {
    expect(await move(await engineOf(newPlace()), await engineOf(newPlace(key)))).toEqual([]);
  });
});

describe("entries that are restored", () => {
  const entry = (position: number, id: string, version: number, write: string): Entry => ({
    change: {
      position,
      operation: "store",
      component: "Anything",
      id,
      type: "t",
      version,
      at: 1_000 + position,
      actor: "a",
      write,
    },
    schemaVersion: 1,
    parent: undefined,
    expiresAt: undefined,
    body: { content: `{"position":${position}}`, metadata: "{}", embeddings: undefined },
  });

  it("[P2] that do not follow are refused, and leave nothing", async () => {
    const place = newPlace(key);
    const engine = await engineOf(place);
    await engine.open([]);
    await engine.restore("t", [entry(1, "a", 1, "w1"), entry(2, "b", 1, "w2")]);
    const wrong: Entry[][] = [
      [entry(2, "c", 1, "w3")],
      [entry(4, "c", 1, "w3")],
      [entry(3, "c", 1, "w3"), entry(5, "d", 1, "w3")],
      [entry(3, "c", 1, "w3"), entry(4, "a", 3, "w3")],
      Array.from({ length: 500 }, (_, n) => entry(n === 499 ? 600 : 3 + n, `c${n}`, 1, "w3")),
    ];
    for (const entries of wrong) {
      expect(await errorOf(() => engine.restore("t", entries))).toMatchObject({ code: "version_conflict" });
    }
    expect(await engine.lastPosition("t")).toBe(2);
    expect(await engine.changes("t", 2, 10)).toEqual([]);
    expect(await engine.findWrite("t", "w3")).toBeUndefined();
    await engine.restore("t", []);
    await engine.restore("u", [entry(1, "a", 1, "w1")]);
    expect(await engine.tenants("", 10)).toEqual(["t", "u"]);
    expect(await engine.tenants("t", 10)).toEqual(["u"]);
    await engine.close();
    expect(checkFile(place.path)).toEqual([]);
  });

  it("[P2, S4] a write in two parts is one write, and another process's cache sees both", async () => {
    const place = newPlace(key);
    const [engine, other] = [await engineOf(place), await engineOf(place)];
    const things = (await openContextbase({ engine: other, components }))
      .as({ id: "r", tenant: "t" })
      .store(Anything);
    const read = async (id: string) => (await things.retrieveContext(id))?.content;
    await engine.restore("t", [entry(1, "a", 1, "w1"), entry(2, "b", 1, "w2")]);
    expect([await read("a"), await read("b")]).toEqual([{ position: 1 }, { position: 2 }]);
    await engine.restore("t", [entry(3, "a", 2, "w2"), entry(4, "c", 1, "w2"), entry(5, "c", 2, "w3")]);
    expect([await read("a"), await read("c")]).toEqual([{ position: 3 }, { position: 5 }]);
    const found = await engine.findWrite("t", "w2");
    expect(found?.map(({ position }) => position)).toEqual([2, 3, 4]);
    await engine.restore("t", [entry(6, "b", 2, "w4")]);
    expect(await read("b")).toEqual({ position: 6 });
  });
});
