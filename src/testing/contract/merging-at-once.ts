import { expect, it } from "vitest";
import type { ContextStore } from "../../index.ts";
import { Anything } from "../components.ts";
import { createNew, type EngineUnderTest, itWith } from "../engine-under-test.ts";
import { merge, openPages, Page, page } from "./pages.ts";

/** Merges that are sent again, and many of one context at once. */
export const mergingAtOnce = (engine: EngineUnderTest): void => {
  it("[V9, C2] a merge sent again under its write id is done once, whatever came since", async () => {
    const { pages } = await openPages(engine);
    await pages.storeContext(page({ title: "one", views: 1 }));
    await pages.storeContext(page({ title: "two", views: 2 }));
    const yours = { ...page({ title: "one", views: 4 }), version: 2 };
    const once = { ...merge, write: "w" };
    const merged = await pages.storeContext(yours, once);
    await pages.storeContext(page({ title: "later", views: 7 }));
    expect(await pages.storeContext(yours, once)).toEqual(merged);
    expect(await pages.mergeContext("a", { base: 1, yours }, { write: "w" })).toEqual({
      context: merged,
      conflicts: [],
    });
    expect((await pages.history("a")).versions).toHaveLength(4);
    for (const other of [
      { ...yours, content: { title: "one", views: 5 } },
      { ...yours, id: "b", version: 1 },
    ])
      await expect(pages.storeContext(other, once)).rejects.toMatchObject({ code: "write_reused" });
    const both = await Promise.all([1, 2].map(() => pages.storeContext(yours, { ...merge, write: "w2" })));
    expect(both[0]).toEqual(both[1]);
    expect((await pages.history("a")).versions).toHaveLength(5);
  });

  it("[V9] embeddings merge as one value: what one side changed is taken, what both did is a conflict", async () => {
    const { any } = await openPages(engine);
    const context = (n: number, embeddings: number[], version?: number) => ({
      id: "a",
      type: "t",
      content: { [`n${n}`]: n },
      embeddings,
      ...(version !== undefined && { version }),
    });
    await any.storeContext({ ...context(0, [1, 0, 0, 0]), content: {} });
    await any.storeContext(context(1, [0, 1, 0, 0]));
    const kept = await any.storeContext(context(2, [1, 0, 0, 0], 2), merge);
    expect(kept).toMatchObject({ content: { n1: 1, n2: 2 }, embeddings: new Float32Array([0, 1, 0, 0]) });
    await expect(any.storeContext(context(3, [0, 0, 1, 0], 2), merge)).rejects.toMatchObject({
      conflicts: [{ path: "embeddings", base: [1, 0, 0, 0], yours: [0, 0, 1, 0], theirs: [0, 1, 0, 0] }],
    });
    const yours = await any.storeContext({ ...kept, embeddings: [0, 0, 0, 1], version: 4 });
    expect(yours.embeddings).toEqual(new Float32Array([0, 0, 0, 1]));
  });

  it("[V9, S6] writers of one context at once lose nothing: of their own fields, and of one counter", async () => {
    const { pages } = await openPages(engine);
    const writers = 16;
    const rounds = 6;
    await pages.storeContext(page({ title: "t" }));
    const add = async (writer: number): Promise<void> => {
      for (let round = 1; round <= rounds; round++) {
        const { version, content, ...rest } = await pages.getContext("a");
        if (!("views" in content)) throw new Error("It is another type.");
        const fields = { ...content.fields, [`w${writer}`]: round };
        const next = { ...content, views: content.views + 1, fields };
        await pages.storeContext({ ...rest, type: "page", content: next, version: version + 1 }, merge);
      }
    };
    const updates = Array.from({ length: rounds }, () =>
      pages.updateContext(
        "a",
        ({ metadata }) => void Object.assign(metadata, { n: Number(metadata.n ?? 0) + 1 }),
      ),
    );
    await Promise.all([...updates, ...Array.from({ length: writers }, (_, writer) => add(writer))]);
    const total = writers * rounds;
    expect(await pages.getContext("a")).toMatchObject({
      version: 1 + total + rounds,
      content: {
        views: total,
        fields: Object.fromEntries(Array.from({ length: writers }, (_, writer) => [`w${writer}`, rounds])),
      },
      metadata: { n: rounds },
    });
  });

  itWith(engine, "severalStores")("[V9, S6] merges by two stores at once lose nothing either", async () => {
    const data = await createNew(engine);
    const stores = [await data.open({ components: [Page] }), await data.open({ components: [Page] })];
    await stores[0]?.store(Page).storeContext(page({ title: "t" }));
    const add = async (pages: ContextStore<typeof Page>, name: string): Promise<void> => {
      for (let round = 1; round <= 5; round++) {
        const yours = await pages.getContext("a");
        if (yours.type !== "page") throw new Error("It is another type.");
        yours.content.views += 1;
        Object.assign(yours.metadata, { [name]: round });
        await pages.mergeContext("a", { base: yours.version, yours });
      }
    };
    const writers = stores.flatMap((base, store) =>
      [1, 2, 3, 4].map((at) => add(base.store(Page), `${store}.${at}`)),
    );
    await Promise.all(writers);
    for (const base of stores) {
      const { version, content, metadata } = await base.store(Page).getContext("a");
      expect([version, content, Object.values(metadata)]).toEqual([
        41,
        expect.objectContaining({ views: 40 }),
        Array.from({ length: 8 }, () => 5),
      ]);
    }
  });

  itWith(engine, "port")("[V9] a write that follows another one lands only where that one did", async () => {
    const data = await createNew(engine);
    const store = (await data.open({ components: [Anything] })).store(Anything);
    for (const n of [1, 2]) await store.storeContext({ id: "a", type: "t", content: { n } });
    const port = await data.openEngine();
    const group = (write: string, version: number, after?: string) => ({
      ...{ tenant: "default", actor: "me", write, repeatable: false, after },
      writes: [
        {
          ...({ operation: "store", component: "Anything", id: "a", made: false, type: "t" } as const),
          ...{ version, schemaVersion: 1, content: "{}", metadata: "{}" },
          ...{ embeddings: undefined, parent: undefined, expiresAt: undefined },
        },
      ],
    });
    const late = await port.commit([group("x1", 2), group("x2", 3, "x1")], 0);
    expect(late).toMatchObject([
      { status: "conflict", current: 2 },
      { status: "conflict", attempted: 3, current: 2 },
    ]);
    const landed = await port.commit([group("y1", 3), group("y2", 4, "y1"), group("y3", 5, "y1")], 0);
    expect(landed).toMatchObject([
      { status: "written", written: [{ version: 3 }] },
      { status: "written", written: [{ version: 4 }] },
      { status: "conflict", attempted: 5, current: 4, theirs: { version: 4 } },
    ]);
    expect(await port.commit([group("y4", 5, "y2")], 0)).toMatchObject([{ status: "written" }]);
  });
};
