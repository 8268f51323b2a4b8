import type { AsOfReads } from "./port/as-of.ts";
import type { PrunePort } from "./port/pruning.ts";
import type {
  Change,
  ContextKey,
  Entry,
  Key,
  RegisteredComponent,
  StoredContext,
  StoredVersion,
} from "./port/records.ts";
import type { Rewriting } from "./port/rewriting.ts";
import type { CountQuery, ListPage, ListQuery, SearchAnswer, SearchQuery } from "./port/searching.ts";
import type { GroupOutcome, WriteGroup } from "./port/writing.ts";

export type * from "./port/as-of.ts";
export type * from "./port/pruning.ts";
export type * from "./port/records.ts";
export type * from "./port/rewriting.ts";
export type * from "./port/searching.ts";
export type * from "./port/writing.ts";

export type HistoryQuery = ContextKey & {
  readonly limit: number;
  readonly before: number | undefined;
  /** Only what was written up to this time. */
  readonly at?: number | undefined;
};

/** What an examination found of one thing. */
export type Finding = {
  /** What was looked at, in a word. */
  readonly check: string;
  readonly status: "ok" | "warn" | "fail";
  readonly found: string;
  /** What to do about it, where something is to be done. */
  readonly mend?: string;
};

/** Contexts that may have changed since they were last asked for; "all" where that cannot be told. */
export type Staleness = "all" | readonly ContextKey[];

/** The port that every engine implements. Callers have checked every value; an engine trusts them. */
export type Engine = CorePort & AsOfReads & PrunePort & Rewriting;

type CorePort = {
  readonly name: string;

  /** Whose writes one commit may hold: those of all tenants, or of one. */
  readonly commits: "all tenants" | "one tenant";

  /**
   * Comes before every other call: makes sure that the store is there and of a layout that this code knows, and
   * notes its components.
   * @throws ContextbaseError not_a_store, newer_layout, older_layout, storage_…
   */
  open(components: readonly RegisteredComponent[]): Promise<void>;

  /**
   * Applies each group in order, atomically, and returns once all of it is durable. A group that conflicts
   * changes nothing and does not hinder the others. It may be called while another call is under way; calls
   * take effect in the order in which they were made.
   * @param now milliseconds; versions get this time, or a later one where their id has one at or after it
   * @throws ContextbaseError storage_… (nothing happened) or outcome_unknown
   */
  commit(groups: readonly WriteGroup[], now: number): Promise<readonly GroupOutcome[]>;

  /** The current contexts, in the order asked. */
  read(key: Key, ids: readonly string[]): Promise<(StoredContext | undefined)[]>;
  /** @throws ContextbaseError version_removed where it was written, and is not kept any more */
  readVersion(key: ContextKey, version: number): Promise<StoredContext | undefined>;
  list(query: ListQuery): Promise<ListPage>;
  /** How many contexts a list of this would have. */
  count(query: CountQuery): Promise<number>;
  /**
   * Finds contexts of a component that was opened. It sees every write that returned before it was called.
   * @throws ContextbaseError storage_unavailable where this store has no such search (vectors without pgvector)
   */
  search(query: SearchQuery): Promise<SearchAnswer>;
  history(query: HistoryQuery): Promise<StoredVersion[]>;

  /** Changes of a tenant after a position, in order. */
  changes(tenant: string, after: number, limit: number): Promise<Change[]>;

  /** The position of a tenant's last change; 0 where it has none. */
  lastPosition(tenant: string): Promise<number>;

  /**
   * Calls `wake` after changes of the tenant were made, by whichever process; at the latest after
   * `limits.pollMilliseconds`, and now and then for nothing.
   * @returns ends it
   */
  onChange(tenant: string, wake: () => void): () => void;

  /**
   * What the write of this id did; undefined where it did not happen, and unless it is under way still it never
   * will. To be sure of that an engine may have to write: then it throws what a write throws.
   */
  findWrite(tenant: string, write: string): Promise<readonly Change[] | undefined>;

  /** What a cache must forget before it is trusted, asked before every cached read. Absent: do not cache. */
  readonly staleness?: () => Staleness;

  /** The components that were noted, by name, each in its newest schema version. */
  components(): Promise<RegisteredComponent[]>;

  /** The same in every schema version that was noted, the older ones first. */
  schemaVersions(): Promise<RegisteredComponent[]>;

  /** Notes schema versions without opening them: those that a store had that is moved here. */
  noteSchemas(components: readonly RegisteredComponent[]): Promise<void>;

  /** Tenants that have changes, in order, after one (`""`: from the first). Only for who may see all tenants. */
  tenants(after: string, limit: number): Promise<string[]>;

  /** Entries of a tenant after a position, in order; up to `limit`, and fewer, one at least, at `limits.pageBytes`. */
  entries(tenant: string, after: number, limit: number): Promise<Entry[]>;

  /**
   * Appends entries of another store as they are: positions, versions, times, actors and write ids too. Atomic.
   * @throws ContextbaseError version_conflict where the first does not follow the tenant's last position
   */
  restore(tenant: string, entries: readonly Entry[]): Promise<void>;

  /** Examines the whole store, off the event loop, and changes nothing. It may take seconds. */
  check(now: number): Promise<Finding[]>;

  close(): Promise<void>;
};
