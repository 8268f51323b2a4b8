import type { Clock } from "../../base/clock.ts";
import type { ErrorCode } from "../../base/error-table.ts";
import { ContextbaseError, ContextNotFoundError } from "../../base/errors.ts";
import type { NewId } from "../../base/ids.ts";
import type { ContextKey, DeleteWrite, Engine, StoredContext, StoreWrite } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { isSameVector } from "../../model/embedding-bytes.ts";
import { createEarlierWrites, type EarlierWrites } from "../earlier-write.ts";
import type { EmbeddingOptions } from "../embedding/embedding.ts";
import type { EncodedWrite } from "../encode.ts";
import type { Touched } from "./undo-gather.ts";
import type { SkippedContext } from "./undoing.ts";

/** A context that can go back, and by which write. */
export type Ready = {
  readonly touched: Touched;
  readonly write: EncodedWrite | { readonly write: DeleteWrite };
};

export type UndoPreparation = {
  /** What is to be written for a context, or why it is left as it is. */
  readonly prepare: (touched: Touched) => Promise<Ready | SkippedContext>;
  /** Gives vectors to those that want one. */
  readonly embed: (group: readonly Ready[], options: EmbeddingOptions) => Promise<readonly Ready[]>;
};

export type UndoPreparationServices = {
  readonly engine: Engine;
  readonly tenant: string;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly components: ReadonlyMap<string, Component>;
};

/** Errors that are about one context, which others need not wait for. */
const reasons: Partial<Record<ErrorCode, SkippedContext["reason"]>> = {
  invalid_context: "does_not_fit",
  too_large: "does_not_fit",
  context_not_found: "not_readable",
  upgrade_failed: "not_readable",
  newer_schema: "not_readable",
  storage_corrupt: "not_readable",
};

export const skip = (
  { component, id }: Touched,
  reason: SkippedContext["reason"],
  message: string,
): SkippedContext => ({ component, id, reason, message });

/** The same for an error; one that is not about this context alone is thrown again. */
export const skipFor = (touched: Touched, cause: unknown): SkippedContext => {
  const reason = cause instanceof ContextbaseError ? reasons[cause.code] : undefined;
  if (!reason || !(cause instanceof ContextbaseError)) throw cause;
  return skip(touched, reason, cause.message);
};

const isSame = (standing: StoredContext, write: StoreWrite): boolean =>
  standing.type === write.type &&
  standing.content === write.content &&
  standing.metadata === write.metadata &&
  standing.expiresAt === write.expiresAt &&
  standing.expiresAt === write.expiresAt &&
  isSameVector(standing.embeddings, write.embeddings);

export const createUndoPreparation = (services: UndoPreparationServices): UndoPreparation => {
  const { engine, tenant, newId, components } = services;
  const now = services.clock();
  const makers = new Map<string, EarlierWrites>();

  const makerOf = (component: Component): EarlierWrites => {
    const maker =
      makers.get(component.name) ?? createEarlierWrites(component, { engine, tenant, newId, now });
    makers.set(component.name, maker);
    return maker;
  };

  /** What stood as a version; undefined where that was a deletion, or before the first one. */
  const standingAs = async (key: ContextKey, version: number): Promise<StoredContext | undefined> => {
    if (version === 0) return undefined;
    const stored = await engine.readVersion(key, version);
    if (stored) return stored;
    const [entry] = await engine.history({ ...key, limit: 1, before: version + 1 });
    if (entry?.version === version && entry.operation === "delete") return undefined;
    throw new ContextNotFoundError(key.component, key.id, { version });
  };

  const prepare = async (touched: Touched): Promise<Ready | SkippedContext> => {
    const { component: name, id, first, head, foreign } = touched;
    if (foreign) {
      const what = foreign.operation === "delete" ? "deleted it" : "changed it";
      const told = `${JSON.stringify(foreign.actor)} ${what} since, as version ${foreign.version}.`;
      return skip(touched, "changed_since", told);
    }
    const component = components.get(name);
    if (!component) return skip(touched, "unknown_component", `This program has no component ${name}.`);
    const key = { tenant, component: name, id };
    const next = head.version + 1;
    const before = await standingAs(key, first - 1);
    if (!before && head.operation === "delete") return skip(touched, "unchanged", "It was not there before.");
    if (!before)
      return { touched, write: { write: { operation: "delete", component: name, id, version: next } } };
    const write = makerOf(component).encode(before, next);
    const [standing] = await engine.read(key, [id]);
    if (standing && isSame(standing, write.write))
      return skip(touched, "unchanged", `It is as it was as version ${before.version}.`);
    return { touched, write };
  };

  return {
    prepare: (touched) => prepare(touched).catch((cause) => skipFor(touched, cause)),

    embed: async (group, options) => {
      const made = new Map<string, EncodedWrite>();
      for (const [name, maker] of makers) {
        const writes = group.flatMap(({ write }) =>
          "body" in write && write.write.component === name ? [write] : [],
        );
        for (const one of await maker.embed(writes, options)) made.set(`${name}\0${one.write.id}`, one);
      }
      return group.map(({ touched, write }) => {
        const embedded = made.get(`${touched.component}\0${touched.id}`);
        return { touched, write: embedded ?? write };
      });
    },
  };
};
