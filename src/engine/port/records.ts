import type { Operation } from "../../model/context-store.ts";

export type Key = { readonly tenant: string; readonly component: string };
export type ContextKey = Key & { readonly id: string };

export type StoredVersion = {
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly operation: Operation;
  /** The version that it was made from beside the one before it. */
  readonly parent: number | undefined;
};

/** What an engine keeps of a context. JSON stays text and times are milliseconds until the store decodes. */
export type StoredContext = {
  readonly component: string;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly content: string;
  readonly metadata: string;
  /** float32, little endian. */
  readonly embeddings: Uint8Array | undefined;
  /** From then on it reads as absent; milliseconds. */
  readonly expiresAt: number | undefined;
};

/** One entry of a tenant's change log. Positions are 1, 2, 3… without gaps, in commit order. */
export type Change = {
  readonly position: number;
  readonly operation: Operation;
  readonly component: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly write: string;
};

/** What a store keeps of a component that was opened with it. */
export type RegisteredComponent = {
  readonly name: string;
  readonly schemaVersion: number;
  /** What `describe()` gives, as JSON. */
  readonly description: string;
};

/** An entry of the change log with what it wrote, so that a store can be made anew from its entries. */
export type Entry = {
  readonly change: Change;
  /** 0 where the version was removed. */
  readonly schemaVersion: number;
  /** As in `StoredVersion` and `StoredContext`. */
  readonly parent: number | undefined;
  readonly expiresAt: number | undefined;
  /** Whether retention removed the version: it is known that it was written, and no more. */
  readonly removed?: boolean;
  /** Undefined: a deletion, or removed. */
  readonly body: Pick<StoredContext, "content" | "metadata" | "embeddings"> | undefined;
};
