import type { AsOfOptions, CallOptions } from "./call-options.ts";
import type { InputFor } from "./component.ts";
import type { OrderBy, Where } from "./where.ts";

export type WriteOptions = CallOptions & {
  /**
   * Names this write. The same write sent again under its id changes nothing and gives the first result.
   * Left out: one is made.
   */
  readonly write?: string | undefined;
};

export type StoreOptions = WriteOptions & {
  /**
   * What becomes of a context of a version that is not the next one any more: it fails, or it is merged with what
   * came since by the `merge` policies of the component, and stored as the version after that. Left out: it fails.
   */
  readonly onConflict?: "fail" | "merge" | undefined;
};

export type RetrieveOptions = CallOptions & {
  /** This version, rather than the current one. */
  readonly version?: number | undefined;
  /** The version that was current at that time, rather than the current one. */
  readonly asOf?: Date | string | undefined;
};

export type DeleteOptions = WriteOptions & {
  /** The version that the deletion is to be; it succeeds only if the one before is current. */
  readonly version?: number | undefined;
};

export type RevertOptions = WriteOptions & {
  /** The version that the revert is to be; it succeeds only if the one before is current. */
  readonly version?: number | undefined;
};

export type UpdateOptions = WriteOptions & {
  /** How often reading, changing and writing is tried while others write the same context. */
  readonly attempts?: number | undefined;
};

export type ListOptions = AsOfOptions & {
  readonly type?: string | undefined;
  readonly where?: Where | undefined;
  /** Left out: newest first, by when an id was first written. */
  readonly orderBy?: OrderBy | undefined;
  /** Tells, as `plan`, how the page was found. */
  readonly explain?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type CountOptions = AsOfOptions & {
  readonly type?: string | undefined;
  readonly where?: Where | undefined;
};

export type HistoryOptions = AsOfOptions & {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

export type MergeInput<C> = { readonly base: number; readonly yours: InputFor<C> };

export type WatchOptions = CallOptions & {
  /**
   * Only what came after this position: that of a change seen before, or 0 for all that there is. Left out: what
   * comes after this call, or all that there is where it does not follow.
   */
  readonly after?: number | undefined;
  readonly type?: string | undefined;
  /** False: it ends once it has told what there is. Left out: it waits for more. */
  readonly follow?: boolean | undefined;
};
