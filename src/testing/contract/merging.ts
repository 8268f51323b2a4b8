import { expect, it } from "vitest";
import { MergeConflictError, VersionConflictError } from "../../index.ts";
import type { EngineUnderTest } from "../engine-under-test.ts";
import { merge, openPages, page } from "./pages.ts";

/** Writes of one context that several made at once. */
export const merging = (engine: EngineUnderTest): void => {
  it("[V9] disjoint edits and policies merge into one version that names both that it was made from", async () => {
    const { pages } = await openPages(engine);
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
    const { pages } = await openPages(engine);
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
    const { any } = await openPages(engine);
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
    const { pages } = await openPages(engine);
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
    const { pages } = await openPages(engine);
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
};
