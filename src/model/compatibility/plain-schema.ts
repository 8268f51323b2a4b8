import { isObject } from "../../base/json.ts";

/** Keywords that say nothing about which values are valid. */
const annotations: ReadonlySet<string> = new Set([
  ...["$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated"],
  ...["readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema"],
]);

/** Keywords whose value is a list of schemas. */
const lists: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);

/** Keywords whose value has a schema by each name. */
const maps: ReadonlySet<string> = new Set([
  ...["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"],
]);

/** Keywords whose value is a schema. */
const single: ReadonlySet<string> = new Set([
  ...["not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"],
  ...["unevaluatedItems", "unevaluatedProperties"],
]);

/** Keywords whose value is a set: their order has no meaning. */
const sets: ReadonlySet<string> = new Set(["required", "enum", "type"]);

const containers: ReadonlySet<string> = new Set(["$defs", "definitions"]);

/** Whether a schema is a reference and says nothing beside it. */
export const isReference = (schema: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(schema).every(
    (keyword) => keyword === "$ref" || annotations.has(keyword) || containers.has(keyword),
  ) && schema.$ref !== undefined;

const sortedByText = (items: readonly unknown[]): unknown[] =>
  items
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, item]) => item);

const plainMap = (schemas: unknown): unknown =>
  isObject(schemas)
    ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plainSchema(schema)]))
    : schemas;

const plainKeyword = (keyword: string, value: unknown): unknown => {
  if (single.has(keyword)) return plainSchema(value);
  if (lists.has(keyword) && Array.isArray(value)) return value.map(plainSchema);
  if (maps.has(keyword)) return plainMap(value);
  return sets.has(keyword) && Array.isArray(value) ? sortedByText(value) : value;
};

/** A JSON Schema without what is for readers alone: two that are the same then take the same values. */
export const plainSchema = (schema: unknown): unknown => {
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !annotations.has(keyword));
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, plainKeyword(keyword, value)]));
};
