import { expect, it } from "vitest";
import { Anything, Customer } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

/** Writes that are whole, that nobody loses and nobody reaches into. */
export const storing = (engine: EngineUnderTest): void => {
  it("[S1] a batch is all or nothing, small or large", async () => {
    const store = (await openNew(engine, [Customer])).store(Customer);
    for (const size of [3, 5_000]) {
      const batch = Array.from({ length: size }, (_, number) => ({
        id: `${size}-${number}`,
        type: "note" as const,
        content: { text: `${number}` },
      }));
      const broken = [...batch, { id: "broken", type: "note" as const, content: { text: 1 } as never }];
      await expect(store.storeContexts(broken)).rejects.toMatchObject({
        details: { index: size, path: "content.text" },
      });
      expect(await store.retrieveContext(`${size}-0`)).toBeUndefined();
      const stored = await store.storeContexts(batch);
      expect(stored.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
      expect(await store.retrieveContexts(batch.map(({ id }) => id))).toEqual(stored);
    }
    expect(await store.storeContexts([])).toEqual([]);
  });

  it("[S3] changing what came back changes nothing stored or cached", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const input = {
      id: "a",
      type: "t",
      content: { list: [1, { x: 1 }] },
      metadata: { m: {} },
      embeddings: [1, 2, 3, 4],
    };
    const stored = await store.storeContext(input);
    const spoil = (context: typeof stored) => {
      Object.assign(context.content, { list: 0 });
      Object.assign(context.metadata, { m: 0 });
      context.embeddings.fill(9);
      context.updatedAt.setTime(0);
      context.version = 99;
    };
    const expected = structuredClone(stored);
    spoil(stored);
    for (let read = 0; read < 4; read++) {
      const found = await store.getContext("a");
      expect(found).toEqual(expected);
      spoil(found);
    }
    input.content.list.push(2);
    expect((await store.getContext("a")).content).toEqual(expected.content);
    await store.updateContext("a", (draft) => ({ ...draft, type: "u" }));
    expect(await store.retrieveContext("a", { version: 1 })).toEqual(expected);
  });

  it("[S6] updates of one context at once lose nothing", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { count: 0 } });
    await Promise.all(
      Array.from({ length: 64 }, () =>
        store.updateContext("a", ({ content, ...rest }) => ({
          ...rest,
          content: { count: Number(content.count) + 1 },
        })),
      ),
    );
    expect(await store.getContext("a")).toMatchObject({ content: { count: 64 }, version: 65 });
    await expect(store.updateContext("b", () => {})).rejects.toMatchObject({ code: "context_not_found" });
    await expect(store.updateContext("a", () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect((await store.getContext("a")).version).toBe(65);
  });

  it("[S6] an update meets other writers by trying again, as often as it is told", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { by: "first" } });
    let tries = 0;
    const meddled = await store.updateContext("a", async (draft) => {
      if (tries++ < 2) await store.storeContext({ id: "a", type: "t", content: { by: `other ${tries}` } });
      return { ...draft, content: { by: "me" } };
    });
    expect([tries, meddled.version, meddled.content.by]).toEqual([3, 4, "me"]);
    const always = store.updateContext(
      "a",
      async (draft) => void (await store.storeContext({ ...draft, version: draft.version + 1 })),
      { attempts: 2 },
    );
    await expect(always).rejects.toMatchObject({ code: "version_conflict" });
  });

  it("[S7] of writes at one moment each is answered by itself", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const results = await Promise.allSettled(
      Array.from({ length: 64 }, (_, number) =>
        store.storeContext({ id: `${number % 32}`, type: "t", content: { number }, version: 1 }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 32 }, () => "fulfilled"),
      ...Array.from({ length: 32 }, () => "rejected"),
    ]);
    expect((await store.getContext("31")).content).toEqual({ number: 31 });
  });
};
