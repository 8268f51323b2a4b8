import type { Operation } from "../model/context-store.ts";

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
};

export type StoreWrite = {
  readonly operation: "store";
  readonly component: string;
  readonly id: string;
  /** Whether the id was made for this write, the caller having given none. */
  readonly made: boolean;
  /** The version this write is to be; undefined: the next one. */
  readonly version: number | undefined;
  readonly type: string;
  readonly schemaVersion: number;
  readonly content: string;
  readonly metadata: string;
  readonly embeddings: Uint8Array | undefined;
};

export type DeleteWrite = {
  readonly operation: "delete";
  readonly component: string;
  readonly id: string;
  readonly version: number | undefined;
};

export type Write = StoreWrite | DeleteWrite;

/** Writes that happen together or not at all. No id stands in it twice. */
export type WriteGroup = {
  readonly tenant: string;
  readonly actor: string;
  readonly write: string;
  /** Whether the caller gave the write id, so that it may have been used before. */
  readonly repeatable: boolean;
  readonly writes: readonly Write[];
};

/** Where a write landed: `written[i]` is what became of `writes[i]`. */
export type WrittenGroup = {
  readonly status: "written";
  readonly at: number;
  /** The position of the group's last change. */
  readonly position: number;
  readonly written: readonly { readonly version: number; readonly createdAt: number }[];
};

export type GroupOutcome =
  | WrittenGroup
  /** The write id is known: nothing was changed. `changes` is what it did the first time. */
  | { readonly status: "repeated"; readonly changes: readonly Change[] }
  /** `writes[index]` counted on another version. `current` is 0 for an id never used. */
  | {
      readonly status: "conflict";
      readonly index: number;
      readonly attempted: number;
      readonly current: number;
      readonly theirs: StoredContext | undefined;
    }
  /** `writes[index]` deletes what is not there. */
  | { readonly status: "absent"; readonly index: number };

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

export type Key = { readonly tenant: string; readonly component: string };
export type ContextKey = Key & { readonly id: string };

export type StoredVersion = {
  readonly version: number;
  readonly at: number;
  readonly actor: string;
  readonly operation: Operation;
};

export type ListQuery = Key & {
  readonly type: string | undefined;
  readonly limit: number;
  /** Only what was first written before this place: `next` of the page before. */
  readonly before: number | undefined;
};

/** A page holds up to `limit` contexts, and ends early, after one at least, at `limits.pageBytes`. */
export type ListPage = {
  readonly contexts: readonly StoredContext[];
  /** What to ask for `before` to go on; undefined where nothing is left. */
  readonly next: number | undefined;
};

export type HistoryQuery = ContextKey & { readonly limit: number; readonly before: number | undefined };

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
export type Engine = {
  readonly name: string;

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
  readVersion(key: ContextKey, version: number): Promise<StoredContext | undefined>;
  readAsOf(key: ContextKey, at: number): Promise<StoredContext | undefined>;
  list(query: ListQuery): Promise<ListPage>;
  history(query: HistoryQuery): Promise<StoredVersion[]>;

  /** Changes of a tenant after a position, in order. */
  changes(tenant: string, after: number, limit: number): Promise<Change[]>;

  /**
   * What the write of this id did; undefined where it did not happen, and unless it is under way still it never
   * will. To be sure of that an engine may have to write: then it throws what a write throws.
   */
  findWrite(tenant: string, write: string): Promise<readonly Change[] | undefined>;

  /** What a cache must forget before it is trusted, asked before every cached read. Absent: do not cache. */
  readonly staleness?: () => Staleness;

  /** Examines the whole store, off the event loop, and changes nothing. It may take seconds. */
  check(now: number): Promise<Finding[]>;

  close(): Promise<void>;
};
