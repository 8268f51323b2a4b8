import { expect } from "vitest";
import type { ContextStore } from "../../index.ts";
import { type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { type New, old, openBoth, present } from "./upgraded-components.ts";

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

  whole(
    "[E2] what is read is upgraded: current, old versions, as of a time, in lists and searches",
    async () => {
      const { before, after, clock } = await openBoth(engine);
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
    const { before, after } = await openBoth(engine);
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
    const { before, after } = await openBoth(engine);
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
};
