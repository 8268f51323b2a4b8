import { expect, it } from "vitest";
import { type Contextbase, encodeContext, type PruneOptions } from "../../index.ts";
import { Anything, Indexed } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const hour = 60 * 60 * 1_000;

/** A role that sees one tenant at a time must be told which there are. */
const prune = (base: Contextbase, options: PruneOptions = {}) =>
  base.prune({ tenants: ["default"], ...options });

const note = (text: string) => ({ type: "note", content: { text, value: text.length } });

/** Contexts that read as absent from a time on. */
export const expiry = (engine: EngineUnderTest): void => {
  it("[V12] from its expiresAt on a context reads as absent, however it is asked for", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Indexed], { clock });
    const store = base.store(Indexed);
    const expiresAt = new Date(clock() + hour);
    const stored = await store.storeContext({ id: "a", ...note("a quick fox"), expiresAt });
    expect(stored.expiresAt).toEqual(expiresAt);
    await store.storeContext({ id: "b", ...note("a quick dog") });
    const seen = async () => ({
      retrieved: (await store.retrieveContext("a"))?.id,
      again: (await store.retrieveContext("a"))?.id,
      together: (await store.retrieveContexts(["b", "a"])).map((context) => context?.id),
      listed: (await store.listContexts()).contexts.map(({ id }) => id),
      filtered: (await store.listContexts({ where: { "content.value": 11 } })).contexts.map(({ id }) => id),
      ordered: (await store.listContexts({ orderBy: { "content.value": "asc" } })).contexts.map(
        ({ id }) => id,
      ),
      counts: [
        await store.countContexts(),
        await store.countContexts({ type: "note" }),
        await store.countContexts({ where: { "content.value": 11 } }),
        await store.countContexts({ where: { "content.text": { $startsWith: "a quick" } } }),
      ],
      found: (await store.searchContexts({ text: "quick" })).map(({ context }) => context.id).sort(),
      best: (await store.searchContexts({ text: "quick", limit: 1 })).length,
    });
    clock.advance(hour - 1);
    expect(await seen()).toEqual({
      ...{ retrieved: "a", again: "a", together: ["b", "a"], listed: ["b", "a"], filtered: ["b", "a"] },
      ...{ ordered: ["a", "b"], counts: [2, 2, 2, 2], found: ["a", "b"], best: 1 },
    });
    clock.advance(1);
    const gone = {
      ...{
        retrieved: undefined,
        again: undefined,
        together: ["b", undefined],
        listed: ["b"],
        filtered: ["b"],
      },
      ...{ ordered: ["b"], counts: [1, 1, 1, 1], found: ["b"], best: 1 },
    };
    expect(await seen()).toEqual(gone);
    await expect(store.getContext("a")).rejects.toMatchObject({ code: "context_not_found" });
    await expect(store.updateContext("a", () => undefined)).rejects.toMatchObject({
      code: "context_not_found",
    });
    expect(await store.deleteContext("a")).toBe(false);
    expect((await store.history("a")).versions).toHaveLength(1);
    expect(await prune(base, { dryRun: true })).toEqual({ examined: 0, removed: 0, expired: 1 });
    expect(await prune(base)).toEqual({ examined: 0, removed: 0, expired: 1 });
    expect(await prune(base)).toEqual({ examined: 0, removed: 0, expired: 0 });
    expect(await seen()).toEqual(gone);
    expect((await store.history("a")).versions).toMatchObject([
      { version: 2, operation: "delete", actor: "contextbase:retention" },
      { version: 1, operation: "store" },
    ]);
    expect(await store.retrieveContext("a", { version: 1 })).toMatchObject({ expiresAt });
    expect(store.monitor.snapshot().expiredContexts).toBe(1);
  });

  it("[V12] each version says anew when it expires, and a write makes what expired stand again", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const store = base.store(Anything);
    const start = clock();
    await store.storeContext({ id: "a", ...note("1"), expiresAt: new Date(start + hour).toISOString() });
    clock.advance(2 * hour);
    expect(await store.retrieveContext("a")).toBeUndefined();
    const next = await store.storeContext({ id: "a", ...note("2"), version: 2 });
    expect(next).toMatchObject({ version: 2 });
    expect(next).not.toHaveProperty("expiresAt");
    clock.advance(hour);
    const read = await store.getContext("a");
    await store.storeContext({ ...read, version: 3, expiresAt: new Date(start + 4 * hour) });
    const textAt = async (hours: number) =>
      (await store.retrieveContext("a", { asOf: new Date(start + hours * hour) }))?.content.text;
    expect(await textAt(0.5)).toBe("1");
    expect(await textAt(1.5)).toBeUndefined();
    expect(await textAt(2)).toBe("2");
    await store.updateContext("a", (draft) => {
      draft.content = { text: "4" };
    });
    expect((await store.getContext("a")).expiresAt).toEqual(new Date(start + 4 * hour));
    clock.advance(hour);
    expect(await store.retrieveContext("a")).toBeUndefined();
    await store.storeContext({ id: "a", ...note("5") });
    expect(await prune(base)).toMatchObject({ expired: 0 });
    expect((await store.getContext("a")).version).toBe(5);
    expect(JSON.parse(JSON.stringify(encodeContext(read)))).not.toHaveProperty("expiresAt");
  });

  it("[V12, C2] a time that is past is taken, so that a write can be sent again; others are refused", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const input = { id: "a", ...note("1"), expiresAt: new Date(clock() + hour) };
    const first = await store.storeContext(input, { write: "w" });
    clock.advance(2 * hour);
    expect(await store.storeContext(input, { write: "w" })).toEqual(first);
    const later = { ...input, expiresAt: new Date(clock() + hour) };
    await expect(store.storeContext(later, { write: "w" })).rejects.toMatchObject({ code: "write_reused" });
    for (const expiresAt of [
      new Date(Number.NaN),
      "tomorrow",
      "2026-01-31",
      "2026-13-01T00:00:00Z",
      1_800_000_000,
      null,
    ]) {
      await expect(store.storeContext({ ...input, expiresAt } as never)).rejects.toMatchObject({
        code: "invalid_context",
        message: expect.stringContaining("expiresAt"),
      });
    }
  });

  itWith(engine, "port")(
    "[V12, C1] deletions of what expired are changes, and move with the rest",
    async () => {
      const clock = manualClock();
      const source = await createNew(engine);
      const base = await source.open({ components: [Anything], clock });
      const store = base.store(Anything);
      await store.storeContext({ id: "a", ...note("1"), expiresAt: new Date(clock() + hour) });
      await store.storeContext({ id: "b", ...note("1"), expiresAt: new Date(clock() + 2 * hour) });
      clock.advance(hour);
      await prune(base);
      const entries = await (await source.openEngine()).entries("default", 0, 10);
      expect(entries.map(({ change }) => [change.operation, change.id])).toEqual([
        ["store", "a"],
        ["store", "b"],
        ["delete", "a"],
      ]);
      const target = await createNew(engine);
      await (await target.openEngine()).restore("default", entries);
      const copy = await target.open({ components: [Anything], clock });
      expect((await copy.store(Anything).listContexts()).contexts.map(({ id }) => id)).toEqual(["b"]);
      clock.advance(hour);
      expect((await copy.store(Anything).listContexts()).contexts).toEqual([]);
    },
  );
};
