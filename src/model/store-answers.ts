import type { ContextOf } from "./component.ts";
import type { MergeConflict } from "./merging.ts";
import type { PlanStep } from "./searching.ts";

export type ContextPage<C> = {
  readonly contexts: ContextOf<C>[];
  readonly nextCursor?: string;
  /** Where it was asked for. */
  readonly plan?: readonly PlanStep[];
};

export type MergedContext<C> = {
  readonly context: ContextOf<C>;
  readonly conflicts: readonly MergeConflict[];
};

export type Operation = "store" | "delete";

export type VersionEntry = {
  readonly version: number;
  readonly at: Date;
  readonly actor: string;
  readonly operation: Operation;
  /** What it was made from: the version before it, and the one that it was merged or reverted from. */
  readonly parents: number[];
};

export type HistoryPage = { readonly versions: VersionEntry[]; readonly nextCursor?: string };

/** One entry of the change log of a tenant. */
export type Change = {
  /** Where it stands in the log; to be given as `after` to go on behind it. */
  readonly position: number;
  readonly operation: Operation;
  readonly component: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly at: Date;
  readonly actor: string;
  /** The id of the write that made it. */
  readonly write: string;
};
