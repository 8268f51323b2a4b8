import fc from "fast-check";
import { defineComponent, type JsonObject } from "../../index.ts";

/** Components of which random operations store contexts. */
export const One = defineComponent({ name: "One", embeddings: { dimensions: 2 } });
const Two = defineComponent({ name: "Two", embeddings: { dimensions: 2 } });
export const components = [One, Two];

export const tenants = ["default", "left", "right%"];
export const ids = ["a", "b", "__proto__", "a/b%_'\\\"", "é\u{1F600}\uFEFF"];
const types = ["note", "plan"];

// What operations are made of.
const number = (below: number) => fc.nat({ max: below - 1 });
const who = fc.record({
  // Mostly the same few, so that operations meet.
  tenant: fc.constantFrom("default", "default", "default", ...tenants),
  component: fc.constantFrom(0, 0, 0, 1),
  id: fc.constantFrom("a", "a", "a", "b", ...ids),
  /** Which of the two stores that have the file open. */
  store: fc.constantFrom(0, 1),
});
const json: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ n: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc
      .dictionary(fc.string({ unit: "grapheme", maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 4,
      })
      .filter((value) => !JSON.stringify(value).includes("__proto__"))
      .filter((value) => !JSON.stringify(value).includes("\\u0000"))
      .map((value) => JSON.parse(JSON.stringify(value))),
  },
  // Around the sizes where bodies of old versions are kept another way.
  {
    weight: 1,
    arbitrary: fc.record({
      text: fc.constantFrom(200, 14_000, 16_000, 31_000, 90_000).map((n) => "long ".repeat(n / 5)),
      n: fc.nat(3),
    }),
  },
);
const body = fc.record({
  type: fc.constantFrom(...types),
  content: json,
  embeddings: fc.constantFrom<number[]>([], [1, 0.5], [0.25, -3]),
  metadata: json,
});
/** A version to name: none, or the current one plus this. */
const named = fc.option(fc.constantFrom(-1, 0, 1, 1, 1, 2), { nil: undefined });
/** A write id to give: none, or one of a few, so that some are used again. */
const write = fc.option(number(12), { nil: undefined });

export const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("store" as const), who, body, named, write }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("again" as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("batch" as const),
      who,
      items: fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), body, named }), {
        selector: ({ id }) => id,
        minLength: 1,
      }),
      write,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), who, named, write }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("update" as const), who, body, write }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("burst" as const), who, body, count: number(40) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("version" as const), who, version: number(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("asOf" as const),
      who,
      back: number(20_000),
      /** Rather than a time: how far from the time of the nth version. */
      beside: fc.option(fc.record({ nth: number(8), by: fc.constantFrom(-1, 0, 1) }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("history" as const), who, limit: number(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      who,
      type: fc.option(fc.constantFrom(...types), { nil: undefined }),
      limit: number(4),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("findWrite" as const), who, write: number(12) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("tick" as const), by: fc.integer({ min: -8_000, max: 9_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);

export type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;
export type Who = typeof who extends fc.Arbitrary<infer Value> ? Value : never;
export type Body = typeof body extends fc.Arbitrary<infer Value> ? Value : never;

/** Does one kind of operation, and compares. */
export type Run<Name extends Operation["do"]> = (
  operation: Extract<Operation, { do: Name }>,
) => Promise<void>;
