import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { ContextbaseError } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { createAjv } from "./create-ajv.ts";

/** A schema as a library gives it (zod, valibot, arktype…): Standard Schema with Standard JSON Schema. */
export type LibrarySchema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output> &
  StandardJSONSchemaV1<Input, Output>;

/** A plain JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export type Schema = LibrarySchema | JsonSchema;

/** What a schema takes, and what it gives. A plain JSON Schema tells TypeScript no more than "an object". */
export type InputOf<S> = S extends StandardSchemaV1<infer Input, unknown> ? Input : JsonObject;
export type OutputOf<S> = S extends StandardSchemaV1<unknown, infer Output> ? Output : JsonObject;

export type SchemaIssue = { readonly path: string; readonly message: string };

export type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A schema made ready: a function that checks, and the JSON Schema of what it lets through. */
export type CompiledSchema = {
  readonly jsonSchema: JsonSchema;
  readonly check: (value: unknown) => SchemaResult;
};

const draft = { target: "draft-2020-12" } as const;

const isLibrarySchema = (schema: Schema): schema is LibrarySchema => "~standard" in schema;

/**
 * @param name what the schema is of, such as `Customer.types.profile`, for errors
 * @throws ContextbaseError invalid_component where it transforms, is asynchronous, or is no schema
 */
export const compileSchema = (schema: Schema, name: string): CompiledSchema => {
  const compiled = isLibrarySchema(schema)
    ? compileLibrarySchema(schema, name)
    : compileJsonSchema(schema, name);
  const { type } = compiled.jsonSchema;
  if (type !== undefined && type !== "object") {
    throw invalid(name, `describes ${JSON.stringify(type)}; content and metadata are objects.`);
  }
  return compiled;
};

const invalid = (name: string, problem: string, cause?: unknown): ContextbaseError =>
  new ContextbaseError("invalid_component", `The schema ${name} ${problem}`, { cause });

const compileLibrarySchema = (schema: LibrarySchema, name: string): CompiledSchema => {
  const standard = schema["~standard"];
  const jsonSchema = jsonSchemaOf(schema, name);
  const asynchronous = (): ContextbaseError =>
    invalid(name, "is asynchronous, or a check of its own threw. A schema only looks at the value, at once.");
  const check = (value: unknown): SchemaResult => {
    const result = standard.validate(value);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw asynchronous();
    }
    if (!result.issues) return { value: result.value };
    return { issues: result.issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message })) };
  };
  check({});
  return { jsonSchema, check };
};

const pathOf = (path: StandardSchemaV1.Issue["path"] = []): string =>
  path.map((step) => String(typeof step === "object" ? step.key : step)).join(".");

const jsonSchemaOf = (schema: LibrarySchema, name: string): JsonSchema => {
  const converter = schema["~standard"].jsonSchema;
  if (!converter) {
    throw invalid(
      name,
      "cannot be told as JSON Schema. Use a library with Standard JSON Schema, or JSON Schema.",
    );
  }
  try {
    const output = converter.output(draft);
    const input = converter.input(draft);
    if (JSON.stringify(shapeOf(input)) !== JSON.stringify(shapeOf(output))) {
      throw invalid(name, "transforms: what it takes is not what it gives. Transform before you store.");
    }
    return output;
  } catch (cause) {
    if (cause instanceof ContextbaseError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(name, `holds what JSON does not have, or transforms: ${reason}.`, cause);
  }
};

/** A JSON Schema without what a default or a closed object may change between input and output. */
const shapeOf = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== "required" && key !== "additionalProperties");
  return Object.fromEntries(kept.map(([key, value]) => [key, shapeOf(value)]));
};

const compileJsonSchema = (schema: JsonSchema, name: string): CompiledSchema => {
  if (schema.$async === true) throw invalid(name, "is asynchronous ($async). Remove that keyword.");
  try {
    const validate = createAjv().compile(schema);
    const check = (value: unknown): SchemaResult => {
      if (validate(value)) return { value };
      const issues = (validate.errors ?? []).map((error) => ({
        path: error.instancePath.slice(1).replaceAll("/", "."),
        message: error.message ?? error.keyword,
      }));
      return { issues };
    };
    return { jsonSchema: schema, check };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(name, `is no JSON Schema: ${reason}.`, cause);
  }
};
