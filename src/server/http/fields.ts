import * as z from "zod";
import type { Operation } from "../operation.ts";

/** The header that names a write. */
export const writeHeader = "Idempotency-Key";

/** A field of an operation's input that stands outside the body. */
export type Field = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
};

/** Where a request has the fields of an operation's input: in its path where that names them, `write` in a header. */
export const fieldsOf = (operation: Operation): readonly Field[] => {
  const { properties = {}, required = [] } = schemaOf(operation);
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === operation.body || typeof schema === "boolean") return [];
    const place = operation.path.includes(`{${name}}`) ? "path" : name === "write" ? "header" : "query";
    return [{ name, in: place, required: required.includes(name), schema }];
  });
};

/** The JSON Schema of the body. */
export const bodySchemaOf = (operation: Operation): unknown =>
  operation.body === undefined ? undefined : schemaOf(operation).properties?.[operation.body];

/** What the store checks has a schema for its readers only, which stands in place of "any". */
const schemaOf = ({ input }: Operation): z.core.JSONSchema.JSONSchema =>
  z.toJSONSchema(input, { unrepresentable: "any" });
