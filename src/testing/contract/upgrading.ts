import { expect, it } from "vitest";
import { z } from "zod";
import { type ContextStore, defineComponent, VersionConflictError } from "../../index.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const name = "Upgraded";
const indexes = ["content.count", "metadata.tag"];

/** The component as it was: `n` is a text, and what is a `memo` later was a `note`. */
const Old = defineComponent({
  name,
  types: { item: z.object({ n: z.string(), text: z.string() }), note: z.object({ text: z.string() }) },
  indexes: ["content.n"],
});

/** As it is: `count` is a number, one more with each upgrade, and `unit` tells of what. */
const New = defineComponent({
  name,
  types: {
    item: z.object({ count: z.number(), unit: z.string(), text: z.string() }),
    memo: z.object({ text: z.string() }),
  },
  metadata: z.object({ tag: z.string() }).partial(),
  indexes,
  schemaVersion: 3,
  upgrades: {
    2: { item: ({ content: { n, ...rest } }) => ({ content: { ...rest, count: Number(n) + 1 } }) },
    3: ({ type, content, metadata }) =>
      type === "note"
        ? { type: "memo", content }
        : { content: { ...content, unit: "pieces" }, metadata: { ...metadata, tag: `t${content.count}` } },
  },
});

const old = (id: string, n: number) => ({
  id,
  type: "item" as const,
  content: { n: String(n), text: `old ${id}` },
});
const present = (id: string, count: number) => ({
  id,
  type: "item" as const,
  content: { count, unit: "pieces", text: `new ${id}` },
  metadata: { tag: `t${count}` },
});

const idsOf = (contexts: readonly { readonly id: string }[]): string[] => contexts.map(({ id }) => id);

/** Every page of a list, in its order. */
const walk = async (
  store: ContextStore<typeof New>,
  options: Parameters<typeof store.listContexts>[0],
): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.listContexts({ ...options, cursor });
    ids.push(...idsOf(page.contexts));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
};

/** Content of other schema versions, in stores of programs of different ages. */
export const upgrading = (engine: EngineUnderTest): void => {
  const whole = itWith(engine, "severalStores");

  const stores = async () => {
    const { open } = await createNew(engine);
    const clock = manualClock();
    const before = (await open({ components: [Old], clock })).store(Old);
    const after = (await open({ components: [New], clock })).store(New);
    return { before, after, clock };
  };

  whole(
    "[E2] what is read is upgraded: current, old versions, as of a time, in lists and searches",
    async () => {
      const { before, after, clock } = await stores();
      const written = await before.storeContext(old("a", 1));
      clock.advance(1_000);
      await before.storeContext(old("a", 2));
      await before.storeContext({ id: "m", type: "note", content: { text: "a memo" } });
      const upgraded = (count: number) => ({
        id: "a",
        type: "item",
        content: { count, unit: "pieces", text: "old a" },
        metadata: { tag: `t${count}` },
      });
      expect(await after.retrieveContext("a")).toMatchObject({ ...upgraded(3), version: 2 });
      expect(await after.retrieveContext("a", { version: 1 })).toMatchObject({
        ...upgraded(2),
        version: 1,
        updatedAt: written.updatedAt,
      });
      expect(await after.retrieveContext("a", { asOf: written.updatedAt })).toMatchObject(upgraded(2));
      expect(await after.retrieveContexts(["a", "m"])).toMatchObject([
        upgraded(3),
        { id: "m", type: "memo" },
      ]);
      expect((await after.listContexts()).contexts).toMatchObject([{ type: "memo" }, upgraded(3)]);
      const [hit] = await after.searchContexts({ text: "old" });
      expect(hit?.context).toMatchObject(upgraded(3));
      const draft = await after.getContext("a");
      draft.metadata.tag = "changed";
      expect((await after.getContext("a")).metadata).toEqual({ tag: "t3" });
    },
  );

  whole("[E2] an update and a store of what was read write the present schema", async () => {
    const { before, after } = await stores();
    await before.storeContexts([old("a", 1), old("b", 1)]);
    await after.updateContext("a", (draft) => {
      if (draft.type === "item") draft.content.count += 10;
    });
    expect(await after.retrieveContext("a")).toMatchObject({ version: 2, content: { count: 12 } });
    const b = await after.getContext("b");
    await after.storeContext({ ...b, version: 2 });
    expect(await after.retrieveContext("b")).toMatchObject({ version: 2, content: { count: 2 } });
  });

  whole("[E2] filters, orders and counts look at what is upgraded, whatever was not yet", async () => {
    const { before, after } = await stores();
    const numbers = [5, 1, 3, 1, 9, 7];
    for (const [at, n] of numbers.entries()) {
      if (at % 2 === 0) await before.storeContext(old(`o${at}`, n - 1));
      else await after.storeContext(present(`n${at}`, n));
    }
    await before.storeContext({ id: "m", type: "note", content: { text: "memo" } });
    const newest = ["n5", "o4", "n3", "o2", "n1", "o0"];
    const counts: Record<string, number> = { o0: 5, n1: 1, o2: 3, n3: 1, o4: 9, n5: 7 };
    const some = { "content.count": { $gte: 3 } };
    const fitting = newest.filter((id) => (counts[id] ?? 0) >= 3);
    for (const limit of [1, 2, 10]) {
      expect(await walk(after, { where: some, limit })).toEqual(fitting);
      expect(await walk(after, { type: "item", limit })).toEqual(newest);
      expect(await walk(after, { type: "memo", limit })).toEqual(["m"]);
      expect(await walk(after, { where: { "metadata.tag": "t3" }, limit })).toEqual(["o2"]);
      const rising = await walk(after, { where: some, orderBy: "content.count", limit });
      expect(rising).toEqual(["o2", "o0", "n5", "o4"]);
      const all = await walk(after, { orderBy: { "content.count": "desc" }, limit });
      expect(all).toEqual(["o4", "n5", "o0", "o2", "n3", "n1", "m"]);
    }
    expect(await after.countContexts({ where: some })).toBe(4);
    expect(await after.countContexts({ type: "item" })).toBe(6);
    expect(await after.countContexts({ where: { "content.n": { $exists: true } } })).toBe(0);
    const hits = await after.searchContexts({ text: "old new", where: some, limit: 3 });
    expect(hits).toHaveLength(3);
    for (const { context } of hits) expect(fitting).toContain(context.id);
    const one = await after.searchContexts({ text: "old", where: { "content.count": 9 } });
    expect(idsOf(one.map(({ context }) => context))).toEqual(["o4"]);
  });

  whole("[E2] old code fails by name where it meets what newer code wrote, and damages nothing", async () => {
    const { before, after } = await stores();
    await before.storeContexts([old("a", 1), old("b", 1), old("c", 1)]);
    expect(await before.retrieveContext("a")).toMatchObject({ version: 1 });
    await after.storeContext(present("a", 7));
    const newer = { code: "newer_schema", details: { id: "a", schemaVersion: 3, known: 1 } };
    await expect(before.retrieveContext("a")).rejects.toMatchObject(newer);
    await expect(before.retrieveContexts(["b", "a"])).rejects.toMatchObject(newer);
    await expect(before.listContexts()).rejects.toMatchObject(newer);
    await expect(before.searchContexts({ text: "new" })).rejects.toMatchObject(newer);
    await expect(before.updateContext("a", () => undefined)).rejects.toMatchObject(newer);
    await expect(before.storeContext(old("a", 2))).rejects.toMatchObject(newer);
    await expect(before.storeContext({ ...old("a", 2), version: 3 })).rejects.toMatchObject(newer);
    await expect(before.storeContext({ ...old("a", 2), version: 9 })).rejects.toMatchObject(newer);
    await expect(before.storeContexts([old("b", 5), old("a", 2)])).rejects.toMatchObject(newer);
    expect(await before.retrieveContext("a", { version: 1 })).toMatchObject({ content: { n: "1" } });
    expect(await before.retrieveContext("b")).toMatchObject({ version: 1, content: { n: "1" } });
    expect(await after.retrieveContext("a")).toMatchObject({ version: 2, content: { count: 7 } });
    await expect(before.storeContext({ ...old("c", 2), version: 9 })).rejects.toThrow(VersionConflictError);
    expect(await before.deleteContext("a")).toBe(true);
    expect(await before.storeContext(old("a", 3))).toMatchObject({ version: 4 });
  });

  it("[E2] an upgrade that throws, or gives what does not fit, is named, and no content is told", async () => {
    const { open } = await createNew(engine);
    if (engine.capabilities.severalStores !== true) return;
    const before = (await open({ components: [Old] })).store(Old);
    await before.storeContexts([old("a", 1), { id: "m", type: "note", content: { text: "secret" } }]);
    const types = { item: z.object({ count: z.number() }) };
    const Failing = defineComponent({
      name,
      types,
      schemaVersion: 2,
      compatibility: "none",
      upgrades: {
        2: {
          item: () => {
            throw new Error("old a");
          },
        },
      },
    });
    const failing = (await open({ components: [Failing] })).store(Failing);
    const failed = await failing.retrieveContext("a").catch((cause: unknown) => cause);
    expect(failed).toMatchObject({ code: "upgrade_failed", component: name, retryable: false });
    expect(failed).toMatchObject({ details: { id: "a", version: 1, from: 1, to: 2 } });
    expect(JSON.stringify(failed)).not.toContain("old a");
    expect(failed).toHaveProperty("cause.message", "old a");
    await expect(failing.retrieveContext("m")).rejects.toThrow(/no type "note" any more/);

    const Misfit = defineComponent({
      name,
      types,
      schemaVersion: 3,
      compatibility: "none",
      upgrades: { 3: {} },
    });
    const misfit = (await open({ components: [Misfit] })).store(Misfit);
    const found = await misfit.retrieveContext("a").catch((cause: unknown) => cause);
    expect(found).toMatchObject({ code: "upgrade_failed", details: { id: "a", from: 1, to: 3 } });
    expect(found).toHaveProperty("message", expect.stringContaining("content.count does not fit"));
    await expect(misfit.listContexts({ where: { "content.count": 1 } })).rejects.toMatchObject({
      code: "upgrade_failed",
    });
  });
};
