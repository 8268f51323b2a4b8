import { idProblem, nameProblem } from "../base/arguments.ts";
import { ContextbaseError, InvalidContextError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import { isObject, type JsonObject, toJsonObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import type { StoreWrite } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { CompiledSchema } from "../model/schema.ts";

const fields = ["id", "type", "content", "embeddings", "metadata", "version", "createdAt", "updatedAt"];

const invalid = (component: Component, path: string, problem: string, mend: string): InvalidContextError =>
  new InvalidContextError(`${component.name} ${path} ${problem}. ${mend}`, {
    component: component.name,
    details: { path },
  });

/** A write, and what its texts and bytes say: a copy that nobody else holds. */
export type EncodedWrite = {
  readonly write: StoreWrite;
  readonly body: {
    readonly content: JsonObject;
    readonly metadata: JsonObject;
    readonly embeddings: Float32Array;
  };
};

/**
 * Checks what is to be stored against its component and encodes it. Everything that `storeContext` is given
 * passes here, once; below nothing is checked again.
 * @throws InvalidContextError, or ContextbaseError too_large
 */
export const encodeWrite = (component: Component, input: unknown, newId: NewId): EncodedWrite => {
  try {
    return encode(component, input, newId);
  } catch (cause) {
    if (cause instanceof ContextbaseError) throw cause;
    // A getter or a proxy of the caller's threw.
    const message = `${component.name} context cannot be read: ${show(String(cause))}. Store plain data.`;
    throw new InvalidContextError(message, { component: component.name, cause });
  }
};

const encode = (component: Component, input: unknown, newId: NewId): EncodedWrite => {
  if (!isObject(input)) throw invalid(component, "context", `is ${kindOf(input)}`, "It must be an object.");
  for (const field of Object.keys(input)) {
    if (fields.includes(field)) continue;
    throw invalid(component, show(field), "is no field of a context", `Those are: ${fields.join(", ")}.`);
  }
  const type = checkType(component, input.type);
  const id = input.id === undefined ? newId() : checkId(component, input.id);
  const version = checkVersion(component, input.version);
  const { contentBytes, metadataBytes } = limits;
  const given = input.metadata === undefined ? {} : input.metadata;
  const content = parse(component, "content", input.content, component.types?.get(type), contentBytes);
  const metadata = parse(component, "metadata", given, component.metadata, metadataBytes);
  const embeddings = toEmbeddings(component, input.embeddings);
  const write: StoreWrite = {
    operation: "store",
    component: component.name,
    id,
    made: input.id === undefined,
    version,
    type,
    schemaVersion: component.schemaVersion,
    content: encodeJson(component, "content", content, contentBytes),
    metadata: encodeJson(component, "metadata", metadata, metadataBytes),
    embeddings: embeddings.length === 0 ? undefined : new Uint8Array(embeddings.buffer),
  };
  return { write, body: { content, metadata, embeddings } };
};

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `of type ${typeof value}`;

const checkId = (component: Component, id: unknown): string => {
  const problem = idProblem(id);
  if (problem === undefined && typeof id === "string") return id;
  throw invalid(component, "id", problem ?? "is no text", "Leave it out to have one made.");
};

const checkVersion = (component: Component, version: unknown): number | undefined => {
  if (version === undefined) return undefined;
  if (typeof version === "number" && Number.isSafeInteger(version) && version >= 1) return version;
  throw invalid(component, "version", `is ${show(version)}`, "It is a whole number from 1, or left out.");
};

const checkType = (component: Component, type: unknown): string => {
  const problem = nameProblem(type);
  if (problem !== undefined || typeof type !== "string")
    throw invalid(component, "type", `${problem}`, "Name one.");
  if (!component.types || component.types.has(type)) return type;
  const known = [...component.types.keys()].join(", ");
  throw invalid(
    component,
    "type",
    `is ${JSON.stringify(type)}, which it does not declare`,
    `Its types: ${known}.`,
  );
};

const encodeJson = (component: Component, part: string, value: JsonObject, mostBytes: number): string => {
  const text = JSON.stringify(value);
  // A UTF-16 unit takes three bytes of UTF-8 at the most, so that short texts need no counting.
  const bytes = text.length * 3 <= mostBytes ? 0 : Buffer.byteLength(text);
  if (bytes <= mostBytes) return text;
  throw new ContextbaseError(
    "too_large",
    `${component.name} ${part} takes ${bytes} bytes as JSON; ${mostBytes} are the most. Split it into several contexts.`,
    { component: component.name, details: { path: part, bytes, most: mostBytes } },
  );
};

/** What is stored is the schema's output; it must be JSON itself, whatever a schema lets through. */
const parse = (
  component: Component,
  part: string,
  value: unknown,
  schema: CompiledSchema | undefined,
  mostBytes: number,
): JsonObject => {
  const json = namingComponent(component, () => toJsonObject(value, part, mostBytes));
  if (!schema) return json;
  const result = schema.check(json);
  if (!result.issues) return namingComponent(component, () => toJsonObject(result.value, part, mostBytes));
  const [first] = result.issues;
  const path = first?.path ? `${part}.${first.path}` : part;
  const others = result.issues.length > 1 ? ` (and ${result.issues.length - 1} more)` : "";
  throw new InvalidContextError(
    `${component.name} ${path} does not fit its schema: ${first?.message}${others}.`,
    {
      component: component.name,
      details: { path, issues: result.issues },
    },
  );
};

const namingComponent = <Result>(component: Component, work: () => Result): Result => {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ContextbaseError)) throw cause;
    const { code, details } = cause;
    const message = `${component.name} ${cause.message}`;
    const options = { component: component.name, details };
    throw cause instanceof InvalidContextError
      ? new InvalidContextError(message, options)
      : new ContextbaseError(code, message, options);
  }
};

/** A copy as float32, −0 made 0; empty where none is given. */
const toEmbeddings = (component: Component, value: unknown): Float32Array<ArrayBuffer> => {
  if (value === undefined) return new Float32Array(0);
  if (!Array.isArray(value) && !(value instanceof Float32Array)) {
    const mend = "Give an array of numbers or a Float32Array.";
    throw invalid(component, "embeddings", `is ${kindOf(value)}`, mend);
  }
  if (value.length === 0) return new Float32Array(0);
  const { dimensions } = component;
  if (dimensions === undefined) {
    const mend = "Declare embeddings: { dimensions }.";
    throw invalid(component, "embeddings", "is given, but it declares none", mend);
  }
  if (value.length !== dimensions) {
    const problem = `has ${value.length} numbers`;
    throw invalid(component, "embeddings", problem, `It declares ${dimensions} dimensions.`);
  }
  const vector = new Float32Array(value.length);
  let zero = true;
  for (let at = 0; at < value.length; at++) {
    const number: unknown = value[at];
    const single = typeof number === "number" ? Math.fround(number) : Number.NaN;
    if (!Number.isFinite(single)) {
      const mend = "Each must be a finite number that float32 can hold.";
      throw invalid(component, `embeddings[${at}]`, `is ${show(number)}`, mend);
    }
    if (single !== 0) zero = false;
    vector[at] = single === 0 ? 0 : single;
  }
  if (!zero) return vector;
  throw invalid(component, "embeddings", "is all zeros, which points nowhere", "Leave it empty instead.");
};
