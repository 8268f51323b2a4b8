import { expect, it } from "vitest";
import type { ContextStore, Json, Where } from "../../index.ts";
import { type Anything, Indexed } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

type Store = ContextStore<typeof Indexed> | ContextStore<typeof Anything>;

/** A text that is longer than what is kept apart of it. */
const long = "ab😀".repeat(100);
/** A text that is what is kept apart of a longer one. */
const cut = `${[...long].slice(0, 200).join("")}\u{10FFFF}`;

const values: Readonly<Record<string, Json>> = {
  one: 1,
  oneText: "1",
  yes: true,
  nothing: null,
  small: 0.1,
  sum: 0.1 + 0.2,
  a: "a",
  astral: "😀",
  wide: "～",
  percent: "a%_\\/''",
  proto: "__proto__",
  long,
  longer: `${long}x`,
  list: [1, "a", [2], { b: 1, a: 2 }],
  lists: [[1, "a"]],
  object: { a: 2, b: [1] },
  empty: {},
};

const names = Object.keys(values);

/** What stands at the path `value` of each, and who fits. */
const cases: readonly (readonly [condition: unknown, ids: readonly string[]])[] = [
  [1, ["one"]],
  ["1", ["oneText"]],
  [true, ["yes"]],
  [null, ["nothing"]],
  [0.3, []],
  [0.1 + 0.2, ["sum"]],
  ["a%_\\/''", ["percent"]],
  ["__proto__", ["proto"]],
  [long, ["long"]],
  [[1, "a", [2], { a: 2, b: 1 }], ["list"]],
  [{ b: [1], a: 2 }, ["object"]],
  [{}, ["empty"]],
  [{ $gt: 0.1 }, ["one", "sum"]],
  [{ $gte: 0.1, $lt: 1 }, ["small", "sum"]],
  [{ $gt: "～" }, ["astral"]],
  [{ $gt: long }, ["longer", "astral", "wide"]],
  [{ $lte: long, $gte: "ab" }, ["long"]],
  [{ $lt: cut, $gte: "ab" }, ["long", "longer"]],
  [{ $gte: cut, $lt: "b" }, []],
  [{ $startsWith: cut }, []],
  [{ $gt: null }, []],
  [{ $in: [1, "a", null, { a: 2, b: [1] }, long] }, ["one", "a", "nothing", "object", "long"]],
  [{ $in: [] }, []],
  [{ $nin: names.map((name) => values[name]) }, ["missing"]],
  [{ $exists: false }, ["missing"]],
  [{ $exists: true }, names],
  [{ $ne: 1 }, [...names.filter((name) => name !== "one"), "missing"]],
  [{ $contains: "a" }, ["list"]],
  [{ $contains: [2] }, ["list"]],
  [{ $contains: { a: 2, b: 1 } }, ["list"]],
  [{ $contains: [1, "a"] }, ["lists"]],
  [{ $startsWith: "a" }, ["a", "percent", "long", "longer"]],
  [{ $startsWith: "a%" }, ["percent"]],
  [{ $startsWith: `${long}x` }, ["longer"]],
  [{ $startsWith: "" }, ["oneText", "a", "astral", "wide", "percent", "proto", "long", "longer"]],
];

const fill = async (store: Store): Promise<void> => {
  const contexts = names.map((id) => ({
    id,
    type: "t",
    content: { value: values[id] ?? null, plain: values[id] ?? null },
    metadata: { "x.y": { value: values[id] ?? null } },
  }));
  await store.storeContexts([...contexts, { id: "missing", type: "u", content: {} }]);
};

const idsOf = async (store: Store, where: Where): Promise<string[]> => {
  const { contexts } = await store.listContexts({ where, limit: 1_000 });
  expect(await store.countContexts({ where })).toBe(contexts.length);
  return contexts.map(({ id }) => id).sort();
};

/** Filters of lists and counts. */
export const filtering = (engine: EngineUnderTest): void => {
  it("[Q1] each operator means the same on declared paths and others, and nothing is coerced", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    await fill(store);
    for (const path of ["content.value", "content.plain", "metadata.x\\.y.value"]) {
      for (const [condition, ids] of cases) {
        const where = { [path]: condition } as Where;
        expect([path, condition, await idsOf(store, where)]).toEqual([path, condition, [...ids].sort()]);
        const others = [...names, "missing"].filter((id) => !ids.includes(id)).sort();
        expect(await idsOf(store, { $not: where })).toEqual(others);
      }
    }
  });

  it("[Q1] conditions combine, and fields of the context itself are asked for", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    await fill(store);
    await store.storeContext({ id: "one", type: "t", content: { value: 2 } });
    const [before, after] = ["2000-01-01", new Date("2100-01-01")];
    const all = names.length + 1;
    expect(await idsOf(store, { $or: [{ "content.value": 2 }, { "content.plain": "a" }] })).toEqual([
      "a",
      "one",
    ]);
    expect(await idsOf(store, { version: 2, createdAt: { $gt: before, $lt: after } })).toEqual(["one"]);
    expect(await idsOf(store, { type: "u" })).toEqual(["missing"]);
    expect(await idsOf(store, { id: { $in: ["a", "none", "one"] }, "content.value": "a" })).toEqual(["a"]);
    expect(await idsOf(store, { id: { $startsWith: "lo" } })).toEqual(["long", "longer"]);
    expect(await idsOf(store, { $and: [] })).toHaveLength(all);
    expect(await idsOf(store, { $or: [] })).toHaveLength(0);
    expect(await idsOf(store, {})).toHaveLength(all);
  });

  it("[Q1, S5] rows follow what is changed and deleted, and tenants stay apart", async () => {
    const base = await openNew(engine, [Indexed]);
    const tenants = ["one", "ten%nt", "ten_nt", "''", "__proto__"];
    const stores = tenants.map((tenant) => base.as({ id: "me", tenant }).store(Indexed));
    for (const [at, store] of stores.entries()) {
      await store.storeContext({ id: "a", type: "t", content: { value: "same", at } });
    }
    const [first, second, third] = stores;
    await first?.storeContext({ id: "a", type: "t", content: { value: ["same"] } });
    await second?.deleteContext("a");
    await third?.deleteContext("a");
    await third?.storeContext({ id: "a", type: "t", content: { value: "other" } });
    const found = stores.map((store) => idsOf(store, { "content.value": "same" }));
    expect(await Promise.all(found)).toEqual([[], [], [], ["a"], ["a"]]);
    expect(first && (await idsOf(first, { "content.value": { $contains: "same" } }))).toEqual(["a"]);
    expect(second && (await idsOf(second, { "content.value": { $exists: false } }))).toEqual([]);
    expect(third && (await idsOf(third, { "content.value": "other" }))).toEqual(["a"]);
  });

  it("[Q1] a filter that is wrong is refused by name, at once, however deep or long it is", async () => {
    const store = (await openNew(engine, [Indexed])).store(Indexed);
    const nested = (depth: number): unknown =>
      Array.from({ length: depth }).reduce<unknown>((inner) => ({ $not: inner }), {});
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ "content.a": { $gtt: 1 } }, /\$gtt.*Is it \$gt\?/],
      [{ $nor: [] }, /\$nor.*Is it \$or\?/],
      [{ contnt: 1 }, /"contnt"/],
      [{ "content.a": Number.NaN }, /NaN/],
      [{ "content.a": "\0" }, /U\+0000/],
      [{ "content.a": undefined }, /no value at "content.a"/],
      [{ createdAt: "yesterday" }, /no time/],
      [{ "content.a": { $in: 1 } }, /takes an array/],
      [nested(1_000), /deeper than 32/],
      [nested(100_000), /deeper than 32/],
      [[], /must be an object/],
    ];
    for (const [where, message] of wrong) {
      const asked = { where } as { where: Where };
      await expect(store.listContexts(asked)).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringMatching(message),
      });
      await expect(store.countContexts(asked)).rejects.toThrow(message);
    }
    const many = { "content.value": { $in: Array.from({ length: 1_001 }, (_, at) => at) } };
    await expect(store.countContexts({ where: many })).rejects.toMatchObject({ code: "too_large" });
    const any = { $or: Array.from({ length: 499 }, (_, at) => ({ "content.value": at })) };
    expect(await store.countContexts({ where: any })).toBe(0);
    expect(
      await store.countContexts({ where: { "content.value": { $in: many["content.value"].$in.slice(2) } } }),
    ).toBe(0);
    const misspelled = { wher: {} } as object;
    await expect(store.listContexts(misspelled)).rejects.toThrow(/no option "wher"/);
  });
};
