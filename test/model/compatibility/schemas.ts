/** Pieces that the schemas of the tables are made of. */
import type { JsonSchema } from "../../../src/index.ts";

export const object = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});
export const closed = (properties: JsonSchema, required: readonly string[] = []): JsonSchema =>
  object(properties, { required, additionalProperties: false });

export const text = { type: "string" };
export const number = { type: "number" };
export const integer = { type: "integer" };
export const ofKind = (kind: string, properties: JsonSchema = {}): JsonSchema =>
  closed({ kind: { const: kind }, ...properties }, ["kind", ...Object.keys(properties)]);

export const tree = (value: JsonSchema): JsonSchema => ({
  $ref: "#/$defs/tree",
  $defs: { tree: closed({ value, children: { type: "array", items: { $ref: "#/$defs/tree" } } }, ["value"]) },
});
