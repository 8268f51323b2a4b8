import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { cloneJson, type JsonObject } from "../base/json.ts";
import { isStanding } from "../engine/as-of/standing.ts";
import type { ContextKey, Staleness, StoredContext } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { Context } from "../model/context.ts";
import { decodeContext } from "./decode.ts";

/** What a cached context takes in memory beside its texts and numbers. */
const entryBytes = 512;

/** A text of one byte a character takes as much again for the objects that it is parsed into. */
const parsedBytesPerCharacter = 2;

/**
 * Current contexts of all components and tenants, decoded, of bounded memory. Nobody sees what it holds: it
 * gives copies. What other processes changed is forgotten before each look.
 */
export type ContextCache = {
  /**
   * A copy; undefined where it is not cached.
   * @throws what `decodeContext` throws
   */
  readonly get: (component: Component, key: ContextKey) => Context | undefined;
  /** Taken before a read, to be given with what it found. */
  readonly generation: () => number;
  /** Keeps what a read found, unless something was forgotten since: it might be that. */
  readonly keep: (key: ContextKey, stored: StoredContext, generation: number) => void;
  readonly forget: (keys: readonly ContextKey[]) => void;
};

type Entry = { readonly stored: StoredContext; context: Context | undefined };

const nameOf = ({ tenant, component, id }: ContextKey): string => `${component}\0${tenant}\0${id}`;

const sizeOf = (stored: StoredContext): number =>
  entryBytes +
  (stored.content.length + stored.metadata.length) * parsedBytesPerCharacter +
  (stored.embeddings?.length ?? 0);

const copyOf = (context: Context): Context => ({
  id: context.id,
  type: context.type,
  content: cloneJson<JsonObject>(context.content),
  embeddings: new Float32Array(context.embeddings),
  metadata: cloneJson<JsonObject>(context.metadata),
  createdAt: new Date(context.createdAt),
  updatedAt: new Date(context.updatedAt),
  version: context.version,
  ...(context.expiresAt && { expiresAt: new Date(context.expiresAt) }),
});

/** @param mostBytes its memory, estimated; 0 keeps nothing */
export const createCache = (
  mostBytes: number,
  staleness: (() => Staleness) | undefined,
  clock: Clock,
): ContextCache => {
  if (mostBytes === 0 || !staleness) {
    return { get: () => undefined, generation: () => 0, keep: () => undefined, forget: () => undefined };
  }
  const entries = new LRUCache<string, Entry>({
    maxSize: mostBytes,
    maxEntrySize: Math.ceil(mostBytes / 4),
  });
  let generation = 0;

  const forget = (keys: readonly ContextKey[]): void => {
    generation++;
    for (const key of keys) entries.delete(nameOf(key));
  };

  const refresh = (): void => {
    const stale = staleness();
    if (stale === "all") {
      generation++;
      entries.clear();
    } else if (stale.length > 0) {
      forget(stale);
    }
  };

  return {
    get: (component, key) => {
      const name = nameOf(key);
      const found = entries.get(name);
      if (found === undefined) return undefined;
      const before = generation;
      refresh();
      if (before !== generation && entries.peek(name) !== found) return undefined;
      if (!isStanding(found.stored.expiresAt, clock())) return undefined;
      found.context ??= decodeContext<Component>(component, found.stored);
      return copyOf(found.context);
    },
    generation: () => generation,
    keep: (key, stored, since) => {
      if (since === generation)
        entries.set(nameOf(key), { stored, context: undefined }, { size: sizeOf(stored) });
    },
    forget,
  };
};
