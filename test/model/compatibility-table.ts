/* biome-ignore-all lint/suspicious/noThenProperty: it is a keyword of JSON Schema. */
import { z } from "zod";
import type { JsonSchema } from "../../src/index.ts";

/**
 * What breaks, as `path kind`. Backward: what the older took and the newer refuses; forward: the reverse. An empty list
 * is compatible.
 */
export type Row = readonly [
  name: string,
  older: JsonSchema | boolean,
  newer: JsonSchema | boolean,
  backward: readonly string[],
  forward: readonly string[],
];

const fits: readonly string[] = [];

/** What a component keeps of a zod schema. */
const zod = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { target: "draft-2020-12", io: "output" });

const object = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});
const closed = (properties: JsonSchema, required: readonly string[] = []): JsonSchema =>
  object(properties, { required, additionalProperties: false });

const text = { type: "string" };
const number = { type: "number" };
const integer = { type: "integer" };
const ofKind = (kind: string, properties: JsonSchema = {}): JsonSchema =>
  closed({ kind: { const: kind }, ...properties }, ["kind", ...Object.keys(properties)]);

const tree = (value: JsonSchema): JsonSchema => ({
  $ref: "#/$defs/tree",
  $defs: { tree: closed({ value, children: { type: "array", items: { $ref: "#/$defs/tree" } } }, ["value"]) },
});

const types: readonly Row[] = [
  ["the same type", text, text, fits, fits],
  ["a title and a description", text, { ...text, title: "Name", description: "For readers" }, fits, fits],
  [
    "default, examples, deprecated",
    text,
    { ...text, default: "a", examples: ["b"], deprecated: true },
    fits,
    fits,
  ],
  ["another type", text, number, [" type"], [" type"]],
  ["integer becomes number", integer, number, fits, [" type"]],
  ["number becomes integer", number, integer, [" type"], fits],
  ["null is taken too", text, { type: ["string", "null"] }, fits, [" type"]],
  ["the order of types", { type: ["null", "string"] }, { type: ["string", "null"] }, fits, fits],
  [
    "types as a list or as alternatives",
    { type: ["string", "null"] },
    { anyOf: [text, { type: "null" }] },
    fits,
    fits,
  ],
  ["integer beside number says nothing", { type: ["integer", "number"] }, number, fits, fits],
  [
    "whole multiples of a number are integers",
    { type: "number", multipleOf: 5 },
    integer,
    fits,
    [" multipleOf"],
  ],
  ["any type becomes one", {}, text, [" type"], fits],
  ["true takes everything", text, true, fits, [" type"]],
  ["false takes nothing", false, text, fits, [" never"]],
  ["true and {} are one", true, {}, fits, fits],
  ["nullable is the validator's word for null", text, { ...text, nullable: true }, fits, [" type"]],
];

const values: readonly Row[] = [
  ["an enum grows", { enum: ["a", "b"] }, { enum: ["a", "b", "c"] }, fits, [" enum"]],
  ["an enum shrinks", { enum: ["a", "b"] }, { enum: ["a"] }, [" enum"], fits],
  ["an enum in another order", { enum: ["a", "b"] }, { enum: ["b", "a"] }, fits, fits],
  ["an enum becomes its type", { enum: ["a", "b"] }, text, fits, [" enum"]],
  ["an enum within a length", { enum: ["a", "b"] }, { ...text, maxLength: 1 }, fits, [" enum"]],
  ["an enum beyond a length", { enum: ["a", "bb"] }, { ...text, maxLength: 1 }, [" enum"], [" enum"]],
  ["a constant becomes an enum", { const: 1 }, { enum: [1, 2] }, fits, [" enum"]],
  ["another constant", { const: 1 }, { const: 2 }, [" enum"], [" enum"]],
  ["true and false are boolean", { enum: [true, false] }, { type: "boolean" }, fits, fits],
  ["null by name and by type", { const: null }, { type: "null" }, fits, fits],
  ["a value matches a pattern", { const: "ab" }, { ...text, pattern: "^a" }, fits, [" enum"]],
  [
    "an object as a constant",
    { const: { a: 1 } },
    object({ a: integer }, { required: ["a"] }),
    fits,
    [" enum"],
  ],
];

const ranges: readonly Row[] = [
  ["a lower minimum", { ...number, minimum: 1 }, { ...number, minimum: 0 }, fits, [" minimum"]],
  ["a maximum appears", number, { ...number, maximum: 9 }, [" maximum"], fits],
  [
    "exclusive becomes inclusive",
    { ...number, exclusiveMinimum: 0 },
    { ...number, minimum: 0 },
    fits,
    [" minimum"],
  ],
  [
    "above 0 is from 1 where whole",
    { ...integer, exclusiveMinimum: 0 },
    { ...integer, minimum: 1 },
    fits,
    fits,
  ],
  ["below 9.5 is up to 9 where whole", { ...integer, maximum: 9.5 }, { ...integer, maximum: 9 }, fits, fits],
  [
    "a multiple of a multiple",
    { ...number, multipleOf: 6 },
    { ...number, multipleOf: 3 },
    fits,
    [" multipleOf"],
  ],
  [
    "multiples that do not meet",
    { ...number, multipleOf: 4 },
    { ...number, multipleOf: 3 },
    [" multipleOf"],
    [" multipleOf"],
  ],
  [
    "multiples of a fraction are not reckoned",
    { multipleOf: 0.2 },
    { multipleOf: 0.1 },
    [" multipleOf"],
    [" multipleOf"],
  ],
  ["a range has no say over other types", { ...text, minimum: 5 }, text, fits, fits],
  ["a range that is empty takes nothing", { ...number, minimum: 2, maximum: 1 }, text, fits, [" type"]],
];

const texts: readonly Row[] = [
  ["shorter is taken", { ...text, minLength: 3 }, { ...text, minLength: 1 }, fits, [" minLength"]],
  ["a longest length appears", text, { ...text, maxLength: 9 }, [" maxLength"], fits],
  ["the same pattern", { ...text, pattern: "^a" }, { ...text, pattern: "^a", minLength: 0 }, fits, fits],
  ["a pattern goes", { ...text, pattern: "^a" }, text, fits, [" pattern"]],
  [
    "patterns are compared as they are written",
    { ...text, pattern: "^ab" },
    { ...text, pattern: "^a" },
    [" pattern"],
    [" pattern"],
  ],
  ["a format appears", text, { ...text, format: "email" }, [" format"], fits],
  [
    "one format becomes another",
    { ...text, format: "date" },
    { ...text, format: "date-time" },
    [" format"],
    [" format"],
  ],
];

const arrays: readonly Row[] = [
  [
    "items of a wider type",
    { type: "array", items: integer },
    { type: "array", items: number },
    fits,
    ["[] type"],
  ],
  ["more items", { type: "array", maxItems: 2 }, { type: "array", maxItems: 3 }, fits, [" maxItems"]],
  ["at least one", { type: "array" }, { type: "array", minItems: 1 }, [" minItems"], fits],
  ["items are unique", { type: "array" }, { type: "array", uniqueItems: true }, ["[] uniqueItems"], fits],
  [
    "one item is unique",
    { type: "array", maxItems: 1 },
    { type: "array", maxItems: 1, uniqueItems: true },
    fits,
    fits,
  ],
  [
    "a pair becomes a list",
    { type: "array", prefixItems: [integer, integer], items: false },
    { type: "array", items: integer },
    fits,
    ["[] never"],
  ],
  [
    "a pair gets a third",
    { type: "array", prefixItems: [text, text], items: false, minItems: 2 },
    { type: "array", prefixItems: [text, text, number], items: false, minItems: 2 },
    fits,
    ["[2] never"],
  ],
  [
    "the first of a pair changes",
    { type: "array", prefixItems: [text, text], items: false },
    { type: "array", prefixItems: [number, text], items: false },
    ["[0] type"],
    ["[0] type"],
  ],
  [
    "an item that is contained",
    { type: "array", minItems: 1, items: text },
    { type: "array", contains: text },
    fits,
    ["[] type"],
  ],
  ["fewer need be contained", { contains: text, minContains: 2 }, { contains: text }, fits, ["[] contains"]],
  ["what is contained widens", { contains: integer }, { contains: number }, fits, ["[] contains"]],
  ["what is contained is new", { type: "array" }, { type: "array", contains: text }, ["[] contains"], fits],
];

const objects: readonly Row[] = [
  [
    "an optional property of a closed object",
    closed({ a: text }),
    closed({ a: text, b: number }),
    fits,
    ["b additionalProperties"],
  ],
  [
    "a required property of a closed object",
    closed({ a: text }),
    closed({ a: text, b: number }, ["b"]),
    ["b required"],
    ["b additionalProperties"],
  ],
  [
    "an optional property of an open object",
    object({ a: text }),
    object({ a: text, b: number }),
    ["b property"],
    fits,
  ],
  [
    "a property of any value in an open object",
    object({ a: text }),
    object({ a: text, b: true }),
    fits,
    fits,
  ],
  [
    "a property goes from a closed object",
    closed({ a: text, b: text }),
    closed({ a: text }),
    ["b additionalProperties"],
    fits,
  ],
  [
    "a property goes from an open object",
    object({ a: text, b: text }),
    object({ a: text }),
    fits,
    ["b property"],
  ],
  ["required becomes optional", closed({ a: text }, ["a"]), closed({ a: text }), fits, ["a required"]],
  ["optional becomes required", closed({ a: text }), closed({ a: text }, ["a"]), ["a required"], fits],
  ["an open object is closed", object({ a: text }), closed({ a: text }), ["* additionalProperties"], fits],
  ["a closed object opens", closed({ a: text }), object({ a: text }), fits, ["* additionalProperties"]],
  [
    "additional properties of a wider type",
    object({}, { additionalProperties: integer }),
    object({}, { additionalProperties: number }),
    fits,
    ["* type"],
  ],
  [
    "a property that the older kept as additional",
    object({}, { additionalProperties: text }),
    object({ a: text }, { additionalProperties: text }),
    fits,
    fits,
  ],
  [
    "a property below",
    object({ a: closed({ b: integer }) }),
    object({ a: closed({ b: number }) }),
    fits,
    ["a.b type"],
  ],
  ["a name with a dot", closed({ "a.b": integer }), closed({ "a.b": number }), fits, ["a\\.b type"]],
  [
    "properties by pattern",
    object({}, { patternProperties: { "^x": integer } }),
    object({}, { patternProperties: { "^x": number } }),
    fits,
    ["/^x/ type"],
  ],
  [
    "a property that a pattern told",
    object({}, { patternProperties: { "^x": text } }),
    object({ x1: text }),
    fits,
    ["/^x/ type"],
  ],
  [
    "unevaluated properties of a schema alone",
    object({ a: text }, { unevaluatedProperties: false }),
    closed({ a: text }),
    fits,
    fits,
  ],
  ["a property that can never be", closed({ a: text }), closed({ a: text, b: false }), fits, fits],
  [
    "fewer properties",
    object({}, { maxProperties: 3 }),
    object({}, { maxProperties: 2 }),
    [" maxProperties"],
    fits,
  ],
  [
    "required ones are so many at least",
    object({}, { required: ["a", "b"] }),
    object({}, { minProperties: 2 }),
    fits,
    ["a required", "b required"],
  ],
  [
    "names are limited",
    object({}),
    object({}, { propertyNames: { maxLength: 3 } }),
    [" propertyNames"],
    fits,
  ],
  [
    "one property brings another",
    object({ a: text }),
    object({ a: text }, { dependentRequired: { a: ["b"] } }),
    ["b required"],
    fits,
  ],
  [
    "one brought by another is required",
    object({}, { required: ["b"] }),
    object({}, { dependentRequired: { a: ["b"] } }),
    fits,
    ["b required"],
  ],
];

const combinations: readonly Row[] = [
  [
    "an alternative is added",
    { anyOf: [text, number] },
    { anyOf: [text, number, { type: "null" }] },
    fits,
    [" enum"],
  ],
  ["an alternative goes", { anyOf: [text, number] }, { anyOf: [text] }, [" anyOf"], fits],
  ["alternatives in another order", { anyOf: [text, number] }, { anyOf: [number, text] }, fits, fits],
  [
    "one becomes alternatives",
    closed({ a: text }),
    { anyOf: [{ type: "null" }, closed({ a: text, b: text })] },
    fits,
    [" type", "b additionalProperties"],
  ],
  [
    "a tagged union grows",
    { oneOf: [ofKind("a"), ofKind("b")] },
    { oneOf: [ofKind("a"), ofKind("b"), ofKind("c")] },
    fits,
    [" oneOf"],
  ],
  [
    "a tagged union shrinks",
    { oneOf: [ofKind("a"), ofKind("b")] },
    { oneOf: [ofKind("a")] },
    [" oneOf"],
    fits,
  ],
  [
    "within a tagged union",
    { oneOf: [ofKind("a", { n: integer }), ofKind("b")] },
    { oneOf: [ofKind("a", { n: number }), ofKind("b")] },
    fits,
    ["n type"],
  ],
  [
    "oneOf that cannot meet is anyOf",
    { oneOf: [ofKind("a"), ofKind("b")] },
    { anyOf: [ofKind("a"), ofKind("b")] },
    fits,
    fits,
  ],
  [
    "oneOf that may meet is not proved",
    { anyOf: [number, integer] },
    { oneOf: [number, integer] },
    [" unprovable"],
    fits,
  ],
  [
    "a tag with two values beside a union",
    closed({ kind: { enum: ["a", "b"] } }, ["kind"]),
    { anyOf: [ofKind("a"), ofKind("b")] },
    fits,
    fits,
  ],
  [
    "allOf is all at once",
    { allOf: [{ ...number, minimum: 1 }, { maximum: 9 }] },
    { ...number, minimum: 1, maximum: 9 },
    fits,
    fits,
  ],
  ["one more in allOf", { allOf: [text] }, { allOf: [text, { minLength: 1 }] }, [" minLength"], fits],
  ["the same refusal", { not: text }, { not: { type: "string", title: "a" } }, fits, fits],
  ["less is refused", { not: { type: ["string", "null"] } }, { not: text }, fits, [" not"]],
  ["what the older cannot be is refused", number, { ...number, not: text }, fits, fits],
  ["a refusal that may meet", text, { ...text, not: { minLength: 3 } }, [" not"], fits],
  [
    "a condition that the older holds",
    { const: 5 },
    { if: { type: "number" }, then: { minimum: 1 } },
    fits,
    [" enum"],
  ],
  [
    "the same condition",
    { if: text, then: { minLength: 1 } },
    { if: text, then: { minLength: 1 }, else: true },
    fits,
    fits,
  ],
  [
    "a condition appears",
    text,
    { ...text, if: { minLength: 3 }, then: { pattern: "^a" } },
    [" pattern"],
    fits,
  ],
];

const references: readonly Row[] = [
  ["a reference and what it names", { $ref: "#/$defs/a", $defs: { a: text } }, text, fits, fits],
  [
    "the same name for another schema",
    { $ref: "#/$defs/a", $defs: { a: integer } },
    { $ref: "#/$defs/a", $defs: { a: number } },
    fits,
    [" type"],
  ],
  [
    "another name for the same",
    { $ref: "#/$defs/a", $defs: { a: text } },
    { $ref: "#/$defs/b", $defs: { b: text } },
    fits,
    fits,
  ],
  ["a tree", tree(integer), tree(number), fits, ["value type"]],
  ["a tree of something else", tree(text), tree(number), ["value type"], ["value type"]],
  ["a reference to itself is no schema", { $ref: "#" }, text, [" type"], [" unprovable"]],
  ["a reference out of the schema", text, { $ref: "https://example.com/a.json" }, [" unprovable"], [" type"]],
  [
    "a schema within that has an $id",
    text,
    { $ref: "#/$defs/a", $defs: { a: { $id: "a", ...text } } },
    [" unprovable"],
    [" type"],
  ],
];

const zods: readonly Row[] = [
  [
    "zod: an optional field",
    zod(z.object({ a: z.string() })),
    zod(z.object({ a: z.string(), b: z.int().optional() })),
    fits,
    ["b additionalProperties"],
  ],
  [
    "zod: a default",
    zod(z.object({ a: z.string() })),
    zod(z.object({ a: z.string().default("x") })),
    fits,
    fits,
  ],
  [
    "zod: an enum grows",
    zod(z.object({ a: z.enum(["x", "y"]) })),
    zod(z.object({ a: z.enum(["x", "y", "z"]) })),
    fits,
    ["a enum"],
  ],
  [
    "zod: nullable",
    zod(z.object({ a: z.email() })),
    zod(z.object({ a: z.email().nullable() })),
    fits,
    ["a type"],
  ],
  [
    "zod: a record",
    zod(z.record(z.string(), z.int())),
    zod(z.record(z.string(), z.number())),
    fits,
    ["* type", "* minimum", "* maximum"],
  ],
  [
    "zod: a record of named keys becomes an object",
    zod(z.record(z.enum(["a", "b"]), z.string())),
    zod(z.object({ a: z.string(), b: z.string() })),
    fits,
    fits,
  ],
  [
    "zod: a tuple gets a rest",
    zod(z.tuple([z.string()])),
    zod(z.tuple([z.string()], z.number())),
    fits,
    [" maxItems", "[] never"],
  ],
  [
    "zod: a union widens",
    zod(z.union([z.string(), z.number()])),
    zod(z.union([z.string(), z.number(), z.boolean()])),
    fits,
    [" type"],
  ],
  [
    "zod: a discriminated union grows",
    zod(
      z.discriminatedUnion("t", [
        z.object({ t: z.literal("a") }),
        z.object({ t: z.literal("b"), n: z.int() }),
      ]),
    ),
    zod(
      z.discriminatedUnion("t", [
        z.object({ t: z.literal("a") }),
        z.object({ t: z.literal("b"), n: z.number() }),
        z.object({ t: z.literal("c") }),
      ]),
    ),
    fits,
    [" oneOf", "n maximum", "n minimum", "n type"],
  ],
  [
    "zod: a loose object stays loose",
    zod(z.looseObject({ a: z.string() })),
    zod(z.looseObject({ a: z.string(), b: z.any() })),
    ["b required"],
    fits,
  ],
  [
    "zod: strict or not, what is kept is closed",
    zod(z.object({ a: z.string() })),
    zod(z.strictObject({ a: z.string() })),
    fits,
    fits,
  ],
];

export const table: readonly Row[] = [
  ...types,
  ...values,
  ...ranges,
  ...texts,
  ...arrays,
  ...objects,
  ...combinations,
  ...references,
  ...zods,
];
