import { idProblem, nameProblem } from "../base/arguments.ts";
import { ContextbaseError, InvalidContextError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import { isoTime } from "../base/iso-time.ts";
import { isObject, type JsonObject, toJsonObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import type { StoreWrite } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { toEmbeddingBytes } from "../model/embedding-bytes.ts";
import type { CompiledSchema } from "../model/schema.ts";
import { toEmbeddings } from "./embedding/encode-embeddings.ts";
import { invalid, kindOf } from "./invalid-context.ts";

const fields = [
  ...["id", "type", "content", "embeddings", "metadata", "version"],
  ...["expiresAt", "createdAt", "updatedAt"],
];

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
export const encodeWrite = (component: Component, context: unknown, newId: NewId): EncodedWrite => {
  const input = fieldsOf(component, context);
  const type = checkType(component, input.type);
  const id = input.id === undefined ? newId() : checkId(component, input.id);
  const version = checkVersion(component, input.version);
  const { contentBytes, metadataBytes } = limits;
  const given = input.metadata === undefined ? {} : input.metadata;
  const content = parse(component, "content", input.content, component.types?.get(type), contentBytes);
  const metadata = parse(component, "metadata", given, component.metadata, metadataBytes);
  const embeddings = reading(component, () => toEmbeddings(component, input.embeddings));
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
    embeddings: embeddings.length === 0 ? undefined : toEmbeddingBytes(embeddings, component.indexing.tag),
    parent: undefined,
    expiresAt: checkExpiry(component, input.expiresAt),
  };
  return { write, body: { content, metadata, embeddings } };
};

/** A getter or a proxy of the caller's may throw while it is read; that is no defect of ours. */
const reading = <Result>(component: Component, read: () => Result): Result => {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ContextbaseError) throw cause;
    const message = `${component.name} context cannot be read: ${show(String(cause))}. Store plain data.`;
    throw new InvalidContextError(message, { component: component.name, cause });
  }
};

const fieldsOf = (component: Component, context: unknown): Record<string, unknown> => {
  if (!isObject(context))
    throw invalid(component, "context", `is ${kindOf(context)}`, "It must be an object.");
  const input = reading(component, () => ({ ...context }));
  for (const field of Object.keys(input)) {
    if (fields.includes(field)) continue;
    throw invalid(component, show(field), "is no field of a context", `Those are: ${fields.join(", ")}.`);
  }
  return input;
};

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

/**
 * A time that is past is taken, too: a write that is sent again late would be refused otherwise, though it had happened.
 */
const checkExpiry = (component: Component, expiresAt: unknown): number | undefined => {
  if (expiresAt === undefined) return undefined;
  const at =
    expiresAt instanceof Date
      ? expiresAt.getTime()
      : typeof expiresAt === "string"
        ? isoTime(expiresAt)
        : undefined;
  if (at !== undefined && !Number.isNaN(at)) return at;
  const mend = "It is a Date, or a time such as 2026-01-31T12:00:00Z.";
  throw invalid(component, "expiresAt", `is ${show(expiresAt)}`, mend);
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
  const json = reading(component, () =>
    namingComponent(component, () => toJsonObject(value, part, mostBytes)),
  );
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
