import { z } from "zod";
import type { JsonSchema } from "../../../src/index.ts";
import { fits, type Row } from "./row.ts";

/** What a component keeps of a zod schema. */
const zod = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { target: "draft-2020-12", io: "output" });

export const zodSchemas: readonly Row[] = [
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
