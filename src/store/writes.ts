import { checkName } from "../base/arguments.ts";
import { ContextbaseError, VersionConflictError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import type { Change, Engine, StoredContext, StoreWrite, Write, WrittenGroup } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { WriteOptions } from "../model/context-store.ts";
import { isSameVector } from "../model/embedding-bytes.ts";
import { decodeContext, decodeWrite } from "./decode.ts";
import type { CheckedPrincipal } from "./principal.ts";
import { newerSchema } from "./upgrading/upgrading.ts";
import type { WriteQueue } from "./write-queue.ts";

/** What the writes of one component and principal need. */
export type WriteServices = {
  readonly component: Component;
  readonly engine: Engine;
  readonly queue: WriteQueue;
  readonly newId: NewId;
  readonly principal: CheckedPrincipal;
  /** Whether vectors are made of the texts of what is stored. */
  readonly embeds: boolean;
};

/**
 * Where the writes landed; the contexts that a write id stored the first time, undefined for a deletion; or
 * that there was nothing to delete.
 */
export type WriteResult = WrittenGroup | readonly (StoredContext | undefined)[] | "absent";

/**
 * Writes atomically, and gives the first result where the write id was used before for the same.
 * @param asked the writes as the caller gave them, where vectors were made since
 * @throws VersionConflictError, ContextbaseError write_reused and what the engine throws
 */
export const write = async (
  services: WriteServices,
  writes: readonly Write[],
  options: WriteOptions,
  asked: readonly Write[] = writes,
): Promise<WriteResult> => {
  const { queue, newId, principal } = services;
  const repeatable = options.write !== undefined;
  const id = repeatable ? checkName("write id", options.write) : newId();
  const group = { tenant: principal.tenant, actor: principal.id, write: id, repeatable, writes };
  const outcome = await queue.submit(group, options.signal);
  switch (outcome.status) {
    case "written":
      return outcome;
    case "repeated":
      return recall(services, id, asked, outcome.changes);
    case "absent":
      return "absent";
    case "newer": {
      const id = writes[outcome.index]?.id ?? "";
      throw newerSchema(services.component, { id, schemaVersion: outcome.schemaVersion });
    }
    case "conflict": {
      const { index, attempted, current, theirs } = outcome;
      const refused = writes[index];
      throw new VersionConflictError({
        component: refused?.component ?? "",
        id: refused?.id ?? "",
        attempted,
        current,
        yours: refused && decodeWrite(refused),
        theirs: theirs && decodeTheirs(services.component, theirs),
      });
    }
  }
};

/** A conflict is one, whether or not what stands can be read. */
const decodeTheirs = (component: Component, theirs: StoredContext): unknown => {
  try {
    return decodeContext(component, theirs);
  } catch (cause) {
    if (cause instanceof ContextbaseError) return undefined;
    throw cause;
  }
};

/** What a write id did the first time, once it is sure that the same was asked for again. */
const recall = async (
  services: WriteServices,
  id: string,
  writes: readonly Write[],
  changes: readonly Change[],
): Promise<(StoredContext | undefined)[]> => {
  const { engine, principal } = services;
  const contexts = [];
  for (const [index, one] of writes.entries()) {
    const change = changes[index];
    const stored =
      change && (await engine.readVersion({ ...change, tenant: principal.tenant }, change.version));
    if (changes.length !== writes.length || !change || !(await isSame(services, one, change, stored))) {
      throw new ContextbaseError(
        "write_reused",
        `The write id ${JSON.stringify(id)} was used before, for another write. Make a new one for each write.`,
        { component: one.component, details: { write: id } },
      );
    }
    contexts.push(stored);
  }
  return contexts;
};

const isSame = async (
  services: WriteServices,
  one: Write,
  change: Change,
  stored: StoredContext | undefined,
): Promise<boolean> => {
  if (one.operation !== change.operation || one.component !== change.component) return false;
  if (one.version !== undefined && one.version !== change.version) return false;
  if (one.operation === "delete") return one.id === change.id;
  // It was upgraded since, and whoever sent this cannot compare it with what it sent.
  if (stored && stored.schemaVersion > one.schemaVersion) throw newerSchema(services.component, stored);
  return (
    (one.made || one.id === change.id) &&
    stored !== undefined &&
    stored.type === one.type &&
    stored.content === one.content &&
    stored.metadata === one.metadata &&
    stored.expiresAt === one.expiresAt &&
    (isSameVector(stored.embeddings, one.embeddings) || (await isMade(services, one, change)))
  );
};

/**
 * Whether a vector was made in place of what the caller gave: of none, or of the one that stood before. An embedder
 * need not make the same one twice, so that the write is the same one whatever came of it.
 */
const isMade = async (
  { engine, principal, embeds }: WriteServices,
  { embeddings }: StoreWrite,
  change: Change,
): Promise<boolean> => {
  if (!embeds || embeddings === undefined) return embeds;
  if (change.version === 1) return false;
  try {
    const before = await engine.readVersion({ ...change, tenant: principal.tenant }, change.version - 1);
    return isSameVector(before?.embeddings, embeddings);
  } catch (cause) {
    // Retention removed the one before: all else was compared.
    if (cause instanceof ContextbaseError && cause.code === "version_removed") return true;
    throw cause;
  }
};
