import type { Standing } from "./as-of.ts";
import type { Key, StoredContext } from "./records.ts";

/** Where a page of outdated contexts ended. */
export type OutdatedPlace = { readonly schemaVersion: number; readonly place: number };

export type OutdatedQuery = Key & {
  /** The schema version that they are older than. */
  readonly schemaVersion: number;
  readonly limit: number;
  /** Only what comes after this place: by schema version, then by place. */
  readonly after: OutdatedPlace | undefined;
};

/** What is to stand in place of a context that is outdated, as the same version of it. */
export type Rewrite = {
  readonly id: string;
  readonly place: number;
  /** The version and the schema version in which it was read: where it is of others by now it is left alone. */
  readonly version: number;
  readonly from: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly content: string;
  readonly metadata: string;
  /** Left out: the one that stands is kept. Null: there is none any more. */
  readonly embeddings?: Uint8Array | null;
  /** What stood, as it was read. */
  readonly original: Pick<StoredContext, "type" | "content" | "metadata" | "embeddings">;
};

/** What came of rolling back some of what was rewritten. */
export type RolledBack = {
  /** Originals that stand again. */
  readonly restored: number;
  /** Contexts that were written since, so that what was written stays; their older versions are what they were. */
  readonly kept: readonly string[];
  /** How many originals were looked at; 0 where none is left. */
  readonly originals: number;
};

/**
 * Stored contexts as another schema version has them. Neither versions nor times, actors or change logs are touched,
 * and watchers see nothing; what contexts are found by follows, and so do caches.
 */
export type Rewriting = {
  /**
   * Current contexts of older schema versions, in the order of their places; up to `limit`, and fewer, one at least, at
   * `limits.upgradedBytes`.
   */
  outdated(query: OutdatedQuery): Promise<readonly Standing[]>;

  /**
   * Rewrites contexts of which none stands twice, in one transaction, and keeps what stood. One that was kept before
   * and not forgotten stays the original.
   * @returns how many; those that were written meanwhile are left alone
   */
  rewrite(key: Key, rewrites: readonly Rewrite[]): Promise<number>;

  /** How many originals are kept of a component. */
  countOriginals(key: Key): Promise<number>;

  /** Puts up to `limit` originals back, in one transaction, and forgets them. */
  rollBack(key: Key, limit: number): Promise<RolledBack>;

  /** Forgets up to `limit` originals. @returns how many; 0 where none is left */
  forgetOriginals(key: Key, limit: number): Promise<number>;
};
