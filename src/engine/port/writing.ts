import type { Change, StoredContext } from "./records.ts";

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
  /** The version that it is made from beside the one that it supersedes: what it was merged or reverted from. */
  readonly parent: number | undefined;
  /** From then on it reads as absent; milliseconds. */
  readonly expiresAt: number | undefined;
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
  /**
   * The id of the write that must have made what its one write supersedes; it conflicts where another did. Left out:
   * whichever did.
   */
  readonly after?: string | undefined;
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
  /** `writes[index]` is of an older schema version than what stands, which whoever sent it cannot know. */
  | { readonly status: "newer"; readonly index: number; readonly schemaVersion: number }
  /** `writes[index]` deletes what is not there. */
  | { readonly status: "absent"; readonly index: number };
