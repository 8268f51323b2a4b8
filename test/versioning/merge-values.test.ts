import { mergeValues } from "contextbase";
import { describe, expect, it } from "vitest";
import { checkMerge } from "../../scripts/campaigns/merge-check.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";

const seed = Number(process.env.MERGE_SEED ?? Date.now() % 2 ** 31);

describe("mergeValues", () => {
  it("[V9] merges disjoint fields by themselves, at any depth, and takes the same edit as one", () => {
    const base = { name: "Ada", address: { city: "London", zip: "1" }, old: true };
    const yours = { name: "Ada L.", address: { city: "London", zip: "2" }, old: true, same: [1] };
    const theirs = { name: "Ada", address: { city: "Paris", zip: "1", land: "FR" }, same: [1] };
    expect(mergeValues(base, yours, theirs)).toEqual({
      value: { name: "Ada L.", address: { city: "Paris", zip: "2", land: "FR" }, same: [1] },
      conflicts: [],
    });
  });

  it("[V9] lists what both sides changed, with theirs in the value: other values, a deletion, a type, an array", () => {
    const base = { a: 1, b: { c: 1 }, d: "x", list: [1, 2, 3] };
    const yours = { a: 2, d: { now: "an object" }, list: [9, 2, 3] };
    const theirs = { a: 3, b: { c: 2 }, d: "y", list: [1, 2, 8] };
    expect(mergeValues(base, yours, theirs)).toEqual({
      value: theirs,
      conflicts: [
        { path: "a", base: 1, yours: 2, theirs: 3 },
        { path: "b", base: { c: 1 }, yours: undefined, theirs: { c: 2 } },
        { path: "d", base: "x", yours: { now: "an object" }, theirs: "y" },
        { path: "list", base: [1, 2, 3], yours: [9, 2, 3], theirs: [1, 2, 8] },
      ],
    });
    expect(mergeValues(1, 2, 3).conflicts).toEqual([{ path: "", base: 1, yours: 2, theirs: 3 }]);
    expect(mergeValues(undefined, { a: 1 }, { b: 2 }).value).toEqual({ b: 2, a: 1 });
  });

  it("[V9] names such as constructor, __proto__ and those with dots are fields like others", () => {
    const parsed = (text: string) => JSON.parse(text);
    const merged = mergeValues(
      parsed('{"constructor":1,"a.b":1}'),
      parsed('{"constructor":2,"a.b":2,"__proto__":{"x":1}}'),
      parsed('{"constructor":1,"a.b":3}'),
      { "a\\.b": "max" },
    );
    expect(JSON.stringify(merged)).toBe(
      '{"value":{"constructor":2,"a.b":3,"__proto__":{"x":1}},"conflicts":[]}',
    );
    expect(mergeValues({}, { "a.b": 1 }, { "a.b": 2 }).conflicts[0]?.path).toBe("a\\.b");
  });

  it("[V9] each policy settles what both sides changed", () => {
    const settle = (policy: string, base: unknown, yours: unknown, theirs: unknown) =>
      mergeValues({ at: base } as never, { at: yours } as never, { at: theirs } as never, {
        at: policy as never,
      });
    const values = [
      settle("last-writer", 1, 2, 3),
      settle("max", 1, 2, 3),
      settle("max", "2026-01-01", "2026-03-01", "2026-02-01"),
      settle("min", 1, 2, 3),
      settle("sum", 10, 12, 15),
      settle("sum", 10, 12, 12),
      settle("sum", undefined, 2, 3),
      settle("sum", 0.1, 0.3, 0.2),
      settle("union", ["a", "b", { n: 1 }], ["b", { n: 1 }, "c"], ["a", "b", "d", "c"]),
      settle("append", [1], [1, 2], [1, 3, 4]),
      settle("append", [1], [1, 2], [1, 2]),
    ];
    expect(values.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(values.map(({ value }) => (value as { at: unknown }).at)).toEqual([
      ...[2, 3, "2026-03-01", 2, 17, 14, 5],
      expect.closeTo(0.4, 12),
      ["b", "d", "c"],
      [1, 3, 4, 2],
      [1, 2, 2],
    ]);
  });

  it("[V9] a policy that cannot tell leaves a conflict", () => {
    const left = (policy: string, base: unknown, yours: unknown, theirs: unknown) =>
      mergeValues({ at: base } as never, { at: yours } as never, { at: theirs } as never, {
        at: policy as never,
      }).conflicts.length;
    expect([
      left("max", 1, 2, "3"),
      left("max", 1, undefined, 3),
      left("sum", "1", 2, 3),
      left("sum", 0, Number.MAX_SAFE_INTEGER, 1),
      left("sum", 0, 1.7e308, 1.6e308),
      left("union", [1], [2], { not: "a set" }),
      left("append", [1, 2], [2, 3], [1, 2, 4]),
    ]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it("[V9] a function gets all three and the path, and gives what is to stand; what is no JSON is refused", () => {
    const asked: unknown[] = [];
    const joined = mergeValues(
      { a: { b: "x" } },
      { a: { b: "y" } },
      { a: { b: "z" } },
      {
        "a.b": (sides) => {
          asked.push(sides);
          return `${sides.theirs}${sides.yours}`;
        },
      },
    );
    expect([joined, asked]).toEqual([
      { value: { a: { b: "zy" } }, conflicts: [] },
      [{ path: "a.b", base: "x", yours: "y", theirs: "z" }],
    ]);
    expect(mergeValues({ a: 1 }, { a: 2 }, { a: 3 }, { a: () => undefined }).value).toEqual({});
    const later = async () => 1;
    expect(() => mergeValues({ a: 1 }, { a: 2 }, { a: 3 }, { a: later as never })).toThrow(
      /merge\.a is a Promise/,
    );
  });

  it("[V9] a policy of an object settles it as a whole, and the most exact path wins", () => {
    const base = { stats: { seen: 1, note: "x", deep: { count: 1, other: 1 } } };
    const yours = { stats: { seen: 2, note: "y", deep: { count: 3, other: 2 } } };
    const theirs = { stats: { seen: 3, note: "z", extra: true, deep: { count: 5, other: 3 } } };
    expect(mergeValues(base, yours, theirs, { stats: "last-writer" }).value).toEqual(yours);
    const exact = mergeValues(base, yours, theirs, {
      stats: "last-writer",
      "stats.seen": "sum",
      "stats.deep.count": "sum",
    });
    expect(exact).toEqual({
      value: { stats: { seen: 4, note: "y", deep: { count: 7, other: 2 } } },
      conflicts: [],
    });
  });

  it("[V9] what is no policy is refused, with the nearest that is", () => {
    expect(() => mergeValues({}, {}, {}, { "content.count": "som" as never })).toThrow(
      /Did you mean "sum"\?/,
    );
    expect(() => mergeValues({}, {}, {}, { "a\\b": "sum" })).toThrow(/escapes nothing/);
  });

  it(`[V9] generated triples: no edit is lost without being listed, sides swap, inputs stay theirs (MERGE_SEED=${seed})`, () => {
    const random = createRandom(seed);
    for (let merged = 0; merged < 2_000; merged++)
      expect(checkMerge(random), `triple ${merged}`).toBeUndefined();
  });
});
