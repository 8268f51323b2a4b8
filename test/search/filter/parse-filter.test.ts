import { describe, expect, it } from "vitest";
import type { Filter } from "../../../src/search/filter/filter.ts";
import { parseFilter } from "../../../src/search/filter/parse-filter.ts";
import { parseOrder } from "../../../src/search/filter/parse-order.ts";
import { pathsOf } from "../../../src/search/filter/paths-of.ts";

/** A filter without the parts of its paths. */
const brief = (filter: Filter): unknown =>
  JSON.parse(JSON.stringify(filter, (name, value) => (name === "path" ? value.text : value)));

describe("a filter that is parsed", () => {
  it.for([
    [{}, { kind: "and", filters: [] }],
    [{ type: "a" }, { kind: "compare", path: "type", comparison: "eq", value: "a" }],
    [{ "content.a": {} }, { kind: "compare", path: "content.a", comparison: "eq", value: {} }],
    [
      { "content.a": { $x: 1, b: 2 } },
      { kind: "compare", path: "content.a", comparison: "eq", value: { $x: 1, b: 2 } },
    ],
    [
      { "content.a": { $eq: { $x: 1 } } },
      { kind: "compare", path: "content.a", comparison: "eq", value: { $x: 1 } },
    ],
    [{ "content.a": -0 }, { kind: "compare", path: "content.a", comparison: "eq", value: 0 }],
    [
      { "content.a": new Date(0) },
      { kind: "compare", path: "content.a", comparison: "eq", value: "1970-01-01T00:00:00.000Z" },
    ],
    [{ createdAt: { $lt: new Date(5) } }, { kind: "compare", path: "createdAt", comparison: "lt", value: 5 }],
    [
      { updatedAt: { $in: ["1970-01-01", "1970-01-01T01:00:00+01:00"] } },
      { kind: "in", path: "updatedAt", values: [0, 0] },
    ],
    [
      { "content.a": { $ne: 1 } },
      { kind: "not", filter: { kind: "compare", path: "content.a", comparison: "eq", value: 1 } },
    ],
    [{ "content.a": { $exists: false } }, { kind: "not", filter: { kind: "exists", path: "content.a" } }],
    [{ $or: [] }, { kind: "or", filters: [] }],
  ] as const)("[Q1] %j says what it means", ([where, filter]) => {
    expect(brief(parseFilter(where))).toEqual(filter);
  });

  it("[Q1] holds itself, or is as deep as values may not be: it is refused, and no stack overflows", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.$not = cyclic;
    expect(() => parseFilter(cyclic)).toThrow(/deeper than 32 levels, or holds itself/);
    const value: unknown[] = [];
    value.push(value);
    expect(() => parseFilter({ "content.a": value })).toThrow(/deeper than 100 levels/);
  });

  it.for([
    [{ "content.a": new Map() }, /is a Map/],
    [{ "content.a": () => 1 }, /is a function/],
    [{ "content.a": 1n }, /is a bigint/],
    [{ "content.a": new Date(Number.NaN) }, /without a time/],
    [{ "content.a": JSON.parse('{"__proto__":1}') }, /reaches a prototype/],
    [JSON.parse('{"__proto__":1}'), /"__proto__"/],
    [{ "content.a": { $exists: 1 } }, /true or false/],
    [{ "content.a": { $startsWith: 1 } }, /must be a text/],
    [{ "content.a": { $not: {} } }, /no operator "\$not"/],
    [{ $gt: 1 }, /stands below a path/],
    [{ createdAt: { $startsWith: "2026" } }, /which is a time/],
    [{ createdAt: 5 }, /no time/],
    [new Date(), /must be an object/],
  ] as const)("[Q1] %o is refused by name", ([where, message]) => {
    expect(() => parseFilter(where)).toThrow(message);
  });

  it("[Q1] tells the paths that it looks at, each once", () => {
    const where = { "content.a": 1, $or: [{ "content.a": 2 }, { $not: { type: "t" } }] };
    expect(pathsOf(parseFilter(where)).map(({ text }) => text)).toEqual(["content.a", "type"]);
  });
});

it("[Q2] an order is a path, ascending, or one with its direction", () => {
  expect(parseOrder("id")).toMatchObject({ path: { text: "id" }, descending: false });
  expect(parseOrder({ "content.a": "desc" })).toMatchObject({
    path: { text: "content.a" },
    descending: true,
  });
  for (const wrong of [{}, { id: "up" }, { id: "asc", type: "asc" }, [], 5, null, "content.a:up:x\\"])
    expect(() => parseOrder(wrong)).toThrow();
});
