import { expect, it } from "vitest";
import { z } from "zod";
import { type ContextStore, defineComponent, MergeConflictError, VersionConflictError } from "../../index.ts";
import { Anything } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";

const Page = defineComponent({
  name: "Page",
  types: {
    page: z.object({
      title: z.string(),
      views: z.number().max(1_000).default(0),
      tags: z.array(z.string()).default([]),
      fields: z.record(z.string(), z.number()).default({}),
    }),
    note: z.object({ text: z.string() }),
  },
  merge: { "content.views": "sum", "content.tags": "union", "metadata.seen": "max" },
});

const page = (content: { title: string; [field: string]: unknown }, metadata = {}) => ({
  id: "a",
  type: "page" as const,
  content,
  metadata,
});

const merge = { onConflict: "merge" } as const;

/** Writes of one context that several made at once. */
export const merging = (engine: EngineUnderTest): void => {
  const open = async () => {
    const base = await openNew(engine, [Page, Anything]);
    return { base, pages: base.store(Page), any: base.store(Anything) };
  };

  it("[V9] disjoint edits and policies merge into one version that names both that it was made from", async () => {
    const { pages } = await open();
    await pages.storeContext(page({ title: "one", views: 10, tags: ["x", "y"] }, { seen: 1 }));
    await pages.storeContext(page({ title: "two", views: 15, tags: ["y", "z"] }, { seen: 5 }));
    const yours = {
      ...page({ title: "one", views: 12, tags: ["x", "y", "w"] }, { seen: 3, by: "me" }),
      version: 2,
    };
    await expect(pages.storeContext(yours)).rejects.toThrow(VersionConflictError);
    await expect(pages.storeContext(yours, { onConflict: "fail" })).rejects.toThrow(VersionConflictError);
    const merged = await pages.storeContext(yours, merge);
    expect(merged).toMatchObject({
      version: 3,
      content: { title: "two", views: 17, tags: ["y", "z", "w"] },
      metadata: { seen: 5, by: "me" },
    });
    expect(await pages.getContext("a")).toEqual(merged);
    const { versions } = await pages.history("a");
    expect(versions.map(({ version, parents }) => [version, parents])).toEqual([
      [3, [2, 1]],
      [2, [1]],
      [1, []],
    ]);
    const follows = await pages.storeContext({ ...merged, version: 4 }, merge);
    expect([follows.version, (await pages.history("a", { limit: 1 })).versions[0]?.parents]).toEqual([
      4,
      [3],
    ]);
    expect((await pages.storeContext(page({ title: "next" }), merge)).version).toBe(5);
  });

  it("[V9, V4] what is left is thrown with paths and all three sides, and nothing is stored", async () => {
    const { pages } = await open();
    await pages.storeContext(page({ title: "secret one" }));
    await pages.storeContext(page({ title: "secret two" }));
    const error = await pages
      .storeContext({ ...page({ title: "secret three" }), version: 2 }, merge)
      .catch((cause) => cause);
    expect(error).toBeInstanceOf(MergeConflictError);
    expect(error).toBeInstanceOf(VersionConflictError);
    expect(error).toMatchObject({
      code: "merge_conflict",
      status: 409,
      details: { id: "a", attempted: 2, current: 2, paths: ["content.title"] },
    });
    expect(error.message).toMatch(
      /both sides changed content\.title\. Settle that, and store it as version 3/,
    );
    expect(error.conflicts).toEqual([
      { path: "content.title", base: "secret one", yours: "secret three", theirs: "secret two" },
    ]);
    expect([error.base.version, error.yours.content.title, error.theirs.version]).toEqual([
      1,
      "secret three",
      2,
    ]);
    expect(JSON.stringify(error) + error.message + Object.keys(error)).not.toMatch(/secret|yours|conflicts/);
    expect((await pages.history("a")).versions).toHaveLength(2);
  });

  it("[V4] a conflict tells the version that was counted on, too, where it is one", async () => {
    const { any } = await open();
    for (const n of [1, 2, 3]) await any.storeContext({ id: "a", type: "t", content: { n } });
    const conflict = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (cause) => cause,
      );
    const late = { id: "a", type: "t", content: { n: 9 }, version: 2 };
    for (const error of [
      await conflict(any.storeContext(late)),
      await conflict(any.storeContexts([{ id: "b", type: "t", content: {} }, late])),
      await conflict(any.deleteContext("a", { version: 2 })),
    ]) {
      expect(error).toMatchObject({ code: "version_conflict", attempted: 2, current: 3 });
      expect([error.base.content, error.theirs.content]).toEqual([{ n: 1 }, { n: 3 }]);
      expect(Object.keys(error)).not.toContain("base");
    }
    expect((await conflict(any.storeContext({ ...late, version: 1 }))).base).toBeUndefined();
    expect((await conflict(any.storeContext({ ...late, version: 9 }))).base).toBeUndefined();
  });

  it("[V9] mergeContext stores what merges, and gives conflicts with what stands where something is left", async () => {
    const { pages } = await open();
    const first = await pages.storeContext(page({ title: "one", views: 1 }));
    await pages.storeContext(page({ title: "two", views: 2 }));
    first.content = { title: "one", views: 5, tags: ["mine"], fields: {} };
    const merged = await pages.mergeContext("a", { base: 1, yours: first });
    expect(merged).toMatchObject({
      conflicts: [],
      context: { version: 3, content: { title: "two", views: 6 } },
    });
    const left = await pages.mergeContext("a", { base: 1, yours: page({ title: "three", views: 9 }) });
    expect(left.conflicts.map(({ path }) => path)).toEqual(["content.title"]);
    expect(left.context).toEqual(merged.context);
    expect((await pages.history("a")).versions).toHaveLength(3);
    const apart = { id: "new", type: "page", content: { title: "x" } } as const;
    expect((await pages.mergeContext("new", { base: 0, yours: apart })).context.version).toBe(1);
    expect(
      (await pages.mergeContext("new", { base: 0, yours: { ...apart, metadata: { k: 1 } } })).context,
    ).toMatchObject({
      version: 2,
      metadata: { k: 1 },
    });
    for (const [id, base, yours] of [
      ["a", 9, page({ title: "x" })],
      ["none", 1, { ...page({ title: "x" }), id: "none" }],
    ] as const) {
      await expect(pages.mergeContext(id, { base, yours })).rejects.toMatchObject({
        current: expect.any(Number),
      });
    }
    const wrong = [
      { base: -1, yours: first },
      { base: 2, yours: first },
      { base: 1, yours: { ...first, id: "b" } },
      { base: 1 },
    ];
    for (const sides of wrong)
      await expect(pages.mergeContext("a", sides as never)).rejects.toMatchObject({
        code: "invalid_argument",
      });
  });

  it("[V9] a deletion meanwhile, another type, and a result that does not fit are no merges", async () => {
    const { pages } = await open();
    await pages.storeContext(page({ title: "one", views: 600 }));
    await pages.storeContext(page({ title: "two", views: 900 }));
    const over = { ...page({ title: "one", views: 800 }), version: 2 };
    await expect(pages.storeContext(over, merge)).rejects.toMatchObject({
      code: "invalid_context",
      details: { path: "content.views" },
    });
    const note = { id: "a", type: "note", content: { text: "x" }, version: 2 } as const;
    await expect(pages.storeContext(note, merge)).rejects.toMatchObject({
      code: "merge_conflict",
      details: { paths: expect.arrayContaining(["type"]) },
    });
    await pages.deleteContext("a");
    await expect(pages.storeContext(over, merge)).rejects.toMatchObject({
      code: "merge_conflict",
      details: { paths: [""] },
    });
    await expect(pages.mergeContext("a", { base: 2, yours: page({ title: "x" }) })).rejects.toMatchObject({
      code: "context_not_found",
    });
    const anew = { ...page({ title: "anew" }), version: 4 };
    expect((await pages.storeContext(anew, merge)).version).toBe(4);
    expect((await pages.storeContext({ ...anew, metadata: { k: 1 } }, merge)).version).toBe(5);
    await expect(pages.storeContext({ ...anew, version: 9 }, merge)).rejects.toMatchObject({
      code: "version_conflict",
      current: 5,
    });
    await expect(pages.storeContext(anew, { onConflict: "win" } as never)).rejects.toThrow(
      /"fail" or "merge"/,
    );
    await expect(pages.storeContexts([anew], merge as never)).rejects.toThrow(/no option "onConflict"/);
  });

  it("[V9, C2] a merge sent again under its write id is done once, whatever came since", async () => {
    const { pages } = await open();
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
    const { any } = await open();
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
    const { pages } = await open();
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
};
