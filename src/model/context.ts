import type { JsonObject } from "../base/json.ts";

/** One record of a component. What comes back is the caller's to change. */
export type Context<Type = string, Content = JsonObject, Metadata = JsonObject> = {
  id: string;
  type: Type;
  content: Content;
  /** Empty where there is none. */
  embeddings: Float32Array;
  metadata: Metadata;
  createdAt: Date;
  updatedAt: Date;
  version: number;
  /** From then on it reads as absent. Left out: never. */
  expiresAt?: Date;
};

/** What `storeContext` takes. What was read can be stored again: its times are accepted and ignored. */
export type ContextInput<Type = string, Content = JsonObject, Metadata = JsonObject> = {
  id?: string | undefined;
  type: Type;
  content: Content;
  embeddings?: readonly number[] | Float32Array | undefined;
  metadata?: Metadata | undefined;
  /** The version that this write is to be; it succeeds only if the one before is current. */
  version?: number | undefined;
  /**
   * From then on this version reads as absent: a `Date`, or a time such as `2026-01-31T12:00:00Z`. Left out: never. The
   * next version says it anew.
   */
  expiresAt?: Date | string | undefined;
  createdAt?: unknown;
  updatedAt?: unknown;
};

/** A context as JSON has it: embeddings an array of numbers, times ISO 8601 in UTC. */
export type EncodedContext = {
  id: string;
  type: string;
  content: unknown;
  embeddings: number[];
  metadata: unknown;
  createdAt: string;
  updatedAt: string;
  version: number;
  expiresAt?: string;
};

/** The JSON of a context. `JSON.stringify` alone would make an object of its `Float32Array`. */
export const encodeContext = (context: Context<string, unknown, unknown>): EncodedContext => ({
  id: context.id,
  type: context.type,
  content: context.content,
  embeddings: Array.from(context.embeddings),
  metadata: context.metadata,
  createdAt: context.createdAt.toISOString(),
  updatedAt: context.updatedAt.toISOString(),
  version: context.version,
  ...(context.expiresAt && { expiresAt: context.expiresAt.toISOString() }),
});
