import type { Clock } from "../base/clock.ts";
import { ContextbaseError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import { limits } from "../base/limits.ts";
import type { Engine, WriteGroup } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { toEmbeddingBytes } from "../model/embedding-bytes.ts";
import { toRegistered } from "../store/registered.ts";
import { refuseSchemaChange } from "../store/schema-change.ts";
import { embedOutdated } from "./embed-outdated.ts";
import { type OutdatedContext, outdatedOf, type Walk } from "./outdated.ts";

export type ReembedOptions = Walk & {
  /** Who makes the new versions, as histories name it. */
  readonly actor: string;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Told after each page how many contexts have got their vector. */
  readonly onProgress?: (embedded: number) => void;
};

export type Reembedded = {
  /** Contexts that were given a vector, or lost one that was made of no text. */
  readonly embedded: number;
  /** Those that others changed again and again meanwhile, so that they are as they were. */
  readonly left: number;
  /** Whether the store is of the component's model from now on: not where some tenants were left out. */
  readonly noted: boolean;
};

type Pass = Pick<Reembedded, "embedded" | "left">;

/** The same context as its next version, with another vector. */
const toGroup = (
  { tenant, stored }: OutdatedContext,
  embeddings: Uint8Array | undefined,
  { actor, newId }: ReembedOptions,
): WriteGroup => {
  const { component, id, type, schemaVersion, content, metadata, expiresAt } = stored;
  const version = stored.version + 1;
  const body = { type, schemaVersion, content, metadata, embeddings, parent: undefined, expiresAt };
  const write = { operation: "store", component, id, made: false, version, ...body } as const;
  return { tenant, actor, write: newId(), repeatable: false, writes: [write] };
};

/** Embeds a page of contexts, and stores each by itself: one that others changed meanwhile hinders no other. */
const embedPage = async (
  engine: Engine,
  component: Component,
  page: readonly OutdatedContext[],
  options: ReembedOptions,
): Promise<Pass> => {
  const made = await embedOutdated(component, page, options.signal);
  const bytesOf = (text: string): Uint8Array | undefined => {
    const vector = made.get(text);
    return vector && toEmbeddingBytes(vector, component.indexing.tag);
  };
  const groups = page.map((one) => toGroup(one, bytesOf(one.text), options));
  const outcomes = await engine.commit(groups, options.clock());
  const embedded = outcomes.filter(({ status }) => status === "written").length;
  return { embedded, left: page.length - embedded };
};

/** @throws ContextbaseError storage_unavailable where a store that can be written to did not take the note */
const note = async (engine: Engine, component: Component): Promise<void> => {
  const registered = toRegistered(component);
  await engine.open([registered]);
  const noted = (await engine.components()).find(({ name }) => name === registered.name);
  if (noted?.description === registered.description) return;
  const message = `${component.name} was embedded, but the store could not note its model. Run it again.`;
  throw new ContextbaseError("storage_unavailable", message, { component: component.name });
};

/**
 * Gives every current context whose vector is of another model or length than its component's, or is missing, a new
 * one, each as a new version through the checks of every write. What is done is told by the vectors themselves, so
 * that a run that was cut off, at any moment, goes on where it ended when it is made again. The store may be used
 * meanwhile: what others changed is looked at once more. At the end the component is noted as it is.
 * @param engine one that was opened; on PostgreSQL the owner's, unless `tenants` are named
 * @throws ContextbaseError incompatible_schema, embedding_failed, embedding_unavailable, and what the engine throws; the
 *   signal's reason
 */
export const reembed = async (
  engine: Engine,
  component: Component,
  options: ReembedOptions,
): Promise<Reembedded> => {
  refuseSchemaChange([component], await engine.schemaVersions());
  let embedded = 0;
  const pass = async (): Promise<number> => {
    let left = 0;
    for await (const page of outdatedOf(engine, component, options)) {
      if (page.outdated.length === 0) continue;
      const done = await embedPage(engine, component, page.outdated, options);
      left += done.left;
      embedded += done.embedded;
      options.onProgress?.(embedded);
    }
    return left;
  };
  const passes = async (): Promise<number> => {
    for (let count = 1; ; count++) {
      const left = await pass();
      if (left === 0 || count === limits.reembedPasses) return left;
    }
  };
  const left = await passes();
  if (options.tenants !== undefined) return { embedded, left, noted: false };
  await note(engine, component);
  // What was written meanwhile by those who opened the store with the model before.
  const last = await passes();
  return { embedded, left: last, noted: true };
};
