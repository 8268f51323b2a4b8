import { ContextbaseError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { parseJsonText } from "../base/json-text.ts";
import type { StoredContext, Write, WrittenGroup } from "../engine/engine.ts";
import type { Component, ContextOf } from "../model/component.ts";
import { takeVector, toVector } from "../model/embedding-bytes.ts";
import type { EncodedWrite } from "./encode.ts";
import { upgradeBody } from "./upgrading/upgrading.ts";

type Body = Pick<StoredContext, "content" | "metadata" | "embeddings">;

const decodeBody = ({ content, metadata, embeddings }: Body, vectorOf = toVector) => ({
  content: parseJsonText(content) as JsonObject,
  metadata: parseJsonText(metadata) as JsonObject,
  embeddings: vectorOf(embeddings),
});

/**
 * What is stored, as it was written: not upgraded. What was encoded decodes again, unless the file was damaged without
 * SQLite seeing it.
 * @throws ContextbaseError storage_corrupt
 */
export const decodeStored = (stored: StoredContext, vectorOf = toVector): ReturnType<typeof decodeBody> => {
  try {
    return decodeBody(stored, vectorOf);
  } catch (cause) {
    const { component, id, version } = stored;
    const message = `Version ${version} of ${component} ${JSON.stringify(id)} is damaged. Restore it from a backup.`;
    throw new ContextbaseError("storage_corrupt", message, { component, details: { id, version }, cause });
  }
};

const expiryOf = ({ expiresAt }: { readonly expiresAt: number | undefined }): { expiresAt?: Date } =>
  expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) };

const decodeWith = <C extends Component>(
  component: C,
  stored: StoredContext,
  vectorOf: typeof toVector,
): ContextOf<C> => {
  const { content, metadata, embeddings } = decodeStored(stored, vectorOf);
  const body = upgradeBody(component, stored, { type: stored.type, content, metadata });
  const context = {
    id: stored.id,
    type: body.type,
    content: body.content,
    embeddings,
    metadata: body.metadata,
    createdAt: new Date(stored.createdAt),
    updatedAt: new Date(stored.updatedAt),
    version: stored.version,
  };
  return (stored.expiresAt === undefined ? context : { ...context, ...expiryOf(stored) }) as ContextOf<C>;
};

/**
 * A context as its component types it: of an older schema version upgraded. Only what passed `encodeWrite` is ever
 * stored, which is why its JSON is taken for what the component says it is.
 * @throws ContextbaseError newer_schema, upgrade_failed, storage_corrupt
 */
export const decodeContext = <C extends Component>(component: C, stored: StoredContext): ContextOf<C> =>
  decodeWith(component, stored, toVector);

/** The same of what nobody else has, nor is to have: the context may take its bytes. */
export const decodeGiven = <C extends Component>(component: C, stored: StoredContext): ContextOf<C> =>
  decodeWith(component, stored, takeVector);

/** A context that was just written, made of what was encoded rather than by decoding that again. */
export const writtenContext = <C extends Component>(
  { write, body }: EncodedWrite,
  { version, createdAt }: WrittenGroup["written"][number],
  at: number,
): ContextOf<C> => {
  const context = {
    id: write.id,
    type: write.type,
    content: body.content,
    embeddings: body.embeddings,
    metadata: body.metadata,
    createdAt: new Date(createdAt),
    updatedAt: new Date(at),
    version,
    ...expiryOf(write),
  };
  return context as ContextOf<C>;
};

/** The same as an engine has it. @param landed left out where it has not landed: its times are not known then */
export const storedOfWrite = ({ write }: EncodedWrite, landed?: WrittenGroup): StoredContext => {
  const { component, id, type, schemaVersion, content, metadata, embeddings, expiresAt } = write;
  const [first] = landed?.written ?? [];
  const version = first?.version ?? write.version ?? 0;
  const [createdAt, updatedAt] = [first?.createdAt ?? 0, landed?.at ?? 0];
  const head = { component, id, type, schemaVersion, version, createdAt, updatedAt };
  return { ...head, content, metadata, embeddings, expiresAt };
};

/** What was to be stored, as it was given; undefined for a deletion. */
export const decodeWrite = (write: Write): unknown =>
  write.operation === "delete"
    ? undefined
    : { id: write.id, type: write.type, version: write.version, ...decodeBody(write) };
