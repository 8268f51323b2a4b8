import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { checkPatchCase, randomPatchCase } from "../../scripts/campaigns/patch-cases.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { applyPatch, createPatch, type Json, type JsonPatch, limits } from "../../src/index.ts";

type Case = {
  readonly comment?: string;
  readonly doc: Json;
  readonly patch: JsonPatch;
  readonly expected?: Json;
  readonly error?: string;
  readonly disabled?: boolean;
};

const { resolve } = createRequire(import.meta.url);
const suite = ["tests", "spec_tests"].flatMap((file): Case[] =>
  JSON.parse(readFileSync(resolve(`json-patch-test-suite/${file}.json`), "utf8")),
);
const seed = Number(process.env.PATCH_SEED ?? Date.now() % 2 ** 31);

/** A patch as it may come from outside, whatever it holds. */
const untyped = (patch: unknown): JsonPatch => patch as JsonPatch;

const refusal = (value: unknown, patch: unknown): { code?: string; message: string; details?: object } => {
  try {
    applyPatch(value, untyped(patch));
  } catch (cause) {
    if (cause instanceof Error) return cause;
  }
  throw new Error("It was applied.");
};

describe("applyPatch", () => {
  const enabled = suite.filter(({ disabled }) => !disabled);

  it.each(enabled.filter(({ error }) => error))("[V8] refuses: $error ($doc, $patch)", ({ doc, patch }) => {
    const before = structuredClone(doc);
    expect(refusal(doc, patch)).toMatchObject({ code: "invalid_patch" });
    expect(doc).toEqual(before);
  });

  it.each(enabled.filter(({ error }) => !error))("[V8] applies: $comment ($doc, $patch)", (one) => {
    const before = structuredClone(one.doc);
    const applied = applyPatch(one.doc, one.patch);
    if ("expected" in one) expect(applied).toEqual(one.expected);
    expect(one.doc).toEqual(before);
  });

  it("[V8] names the operation that is none, or does not fit, and does nothing", () => {
    const value = { tags: ["a"], name: "Ada" };
    const fits = { op: "add", path: "/tags/-", value: "b" };
    const cases: [unknown, string][] = [
      [{ op: "replace", path: "/nme", value: 1 }, 'the object at "" has no "nme"'],
      [{ op: "remove", path: "/tags/2" }, '"2" is no index into the array at "/tags", which has 2 elements'],
      [{ op: "add", path: "/name/first", value: 1 }, 'what stands at "/name" is neither an object'],
      [{ op: "test", path: "/name", value: "Bob" }, "another value stands there"],
      [{ op: "remove", path: "" }, "cannot be taken away"],
      [{ op: "move", from: "/tags", path: "/tags/0" }, "cannot be moved into itself"],
      [{ op: "remove", path: "name" }, 'its path is "name"'],
      [{ op: "remove", path: "/~2" }, 'its path is "/~2"'],
      [{ op: "add", path: "/x", value: Number.NaN }, "value is NaN"],
      [{ op: "add", path: "/x", value: new Date() }, "value is a Date"],
      ["remove", 'it is "remove"'],
      [null, "it is null"],
    ];
    for (const [operation, message] of cases) {
      const error = refusal(value, [fits, operation]);
      expect(error).toMatchObject({ code: "invalid_patch", details: { index: 1 } });
      expect(error.message).toContain(message);
    }
    expect(value).toEqual({ tags: ["a"], name: "Ada" });
    expect(refusal(value, { op: "remove" })).toMatchObject({ code: "invalid_patch" });
    expect(refusal(undefined, [])).toMatchObject({ code: "invalid_argument" });
  });

  it("[V8] reaches no prototype", () => {
    for (const path of ["/__proto__/polluted", "/constructor/prototype/polluted", "/a/__proto__/polluted"]) {
      expect(refusal({ a: {} }, [{ op: "add", path, value: true }])).toMatchObject({ code: "invalid_patch" });
    }
    for (const patch of [
      [{ op: "add", path: "/__proto__", value: { polluted: true } }],
      [{ op: "copy", from: "/a", path: "/__proto__" }],
      [{ op: "add", path: "/a", value: JSON.parse('{"__proto__":{"polluted":true}}') }],
    ])
      expect(refusal({ a: {} }, patch)).toMatchObject({ code: "invalid_patch" });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const own = applyPatch({}, [{ op: "add", path: "/constructor", value: 1 }]);
    expect(own).toEqual(JSON.parse('{"constructor":1}'));
  });

  it("[V8] keeps its limits: operations, size and depth", () => {
    const many = Array.from({ length: limits.patchOperations + 1 }, () => ({ op: "remove", path: "/a" }));
    expect(refusal({}, many)).toMatchObject({ code: "too_large" });
    const doubling = Array.from({ length: 40 }, (_, n) => ({ op: "copy", from: "", path: `/${n}` }));
    expect(refusal({ a: "x".repeat(1_000) }, doubling).code).toMatch(/invalid_patch|too_large/);
    const widening = Array.from({ length: 100 }, (_, n) => ({ op: "copy", from: "/a", path: `/${n}` }));
    expect(refusal({ a: "x".repeat(1_000_000) }, widening)).toMatchObject({ code: "too_large" });
    const deep: Json = JSON.parse(`${"[".repeat(60)}${"]".repeat(60)}`);
    const nesting = [{ op: "move", from: "/b", path: `/a${"/0".repeat(59)}/-` }];
    expect(refusal({ a: deep, b: deep }, nesting)).toMatchObject({ code: "invalid_patch" });
  });
});

describe("createPatch", () => {
  const expected = suite.filter((one) => "expected" in one && !one.disabled);

  it.each(expected)("[V8] leads from $doc to $expected", ({ doc, expected = null }) => {
    expect(applyPatch(doc, createPatch(doc, expected))).toEqual(expected);
  });

  it(`[V8] what it made leads there, of 2,000 generated pairs (PATCH_SEED=${seed})`, () => {
    const random = createRandom(seed);
    for (let pair = 0; pair < 2_000; pair++)
      expect(checkPatchCase(randomPatchCase(random)), `pair ${pair}`).toBeUndefined();
  });

  it("[V8] says no more than what differs", () => {
    expect(createPatch({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([]);
    expect(createPatch({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual([
      { op: "remove", path: "/a" },
      { op: "replace", path: "/b", value: 3 },
      { op: "add", path: "/c", value: 4 },
    ]);
    expect(createPatch([1, 2, 3, 4, 5], [0, 1, 2, 4, 5, 6])).toEqual([
      { op: "add", path: "/0", value: 0 },
      { op: "remove", path: "/3" },
      { op: "add", path: "/5", value: 6 },
    ]);
    const people = [
      { id: 1, name: "Ada" },
      { id: 2, name: "Bob" },
    ];
    expect(createPatch(people, [{ id: 0 }, people[0], { name: "Bo", id: 2 }])).toEqual([
      { op: "add", path: "/0", value: { id: 0 } },
      { op: "replace", path: "/2/name", value: "Bo" },
    ]);
    const renamed = [{ id: 0 }, { id: 1, name: "Ada L." }, { id: 2, name: "Bo" }];
    expect(createPatch(people, renamed)).toEqual([
      { op: "add", path: "/0", value: { id: 0 } },
      { op: "replace", path: "/1/name", value: "Ada L." },
      { op: "replace", path: "/2/name", value: "Bo" },
    ]);
    expect(createPatch({ "a/b": { "~": 1 } }, { "a/b": { "~": 2 } })).toEqual([
      { op: "replace", path: "/a~1b/~0", value: 2 },
    ]);
    expect(createPatch([1], { a: 1 })).toEqual([{ op: "replace", path: "", value: { a: 1 } }]);
  });

  it("[V8] finds what long arrays have in common, and what it cannot find is still right", () => {
    const objects = Array.from({ length: 1_000 }, (_, id) => ({ id, tags: ["a", String(id)] }));
    const moved = [...objects.slice(500), { id: -1, tags: [] }, ...objects.slice(0, 500)];
    expect(createPatch(objects, moved)).toHaveLength(1_001);
    const alike = Array.from({ length: 5_000 }, (_, at) => at % 3);
    const other = [5, ...alike.slice(0, 2_000), 7, ...alike.slice(2_000), 5];
    expect(applyPatch(alike, createPatch(alike, other))).toEqual(other);
    const [numbers, negated] = [1, -1].map((sign) =>
      Array.from({ length: 110_000 }, (_, at) => sign * at - 1),
    );
    expect(createPatch(numbers, negated)).toMatchObject([{ op: "replace", path: "" }]);
  });

  it("[V8] takes JSON only, and says where it is none", () => {
    expect(() => createPatch({ a: [new Date()] }, {})).toThrow("The first value.a[0] is a Date");
    expect(() => createPatch({}, { a: 1n })).toThrow("The second value.a is a bigint");
    const loop: Record<string, unknown> = {};
    loop.loop = loop;
    expect(() => createPatch(loop, {})).toThrow("nests deeper");
  });
});
