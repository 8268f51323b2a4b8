import type { Monitor } from "../monitoring/monitor.ts";
import type { AsOfOptions, CallOptions } from "./call-options.ts";
import type { Component, ContextOf, InputFor } from "./component.ts";
import type { ContextDiff } from "./context-diff.ts";
import type { Hits, PlanStep, SearchOptions } from "./searching.ts";
import type { OrderBy, Where } from "./where.ts";

export type WriteOptions = CallOptions & {
  /**
   * Names this write. The same write sent again under its id changes nothing and gives the first result.
   * Left out: one is made.
   */
  readonly write?: string | undefined;
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

export type ContextPage<C> = {
  readonly contexts: ContextOf<C>[];
  readonly nextCursor?: string;
  /** Where it was asked for. */
  readonly plan?: readonly PlanStep[];
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

/** The contexts of one component, for one principal. Absent, deleted and another tenant's are the same. */
export type ContextStore<C extends Component> = {
  readonly component: C;
  readonly monitor: Monitor;

  /**
   * Writes the next version, or the version that `version` names. Durable once it returns.
   * @returns the context as it was stored
   * @throws InvalidContextError, VersionConflictError
   */
  storeContext(context: InputFor<C>, options?: WriteOptions): Promise<ContextOf<C>>;

  /**
   * The same for up to 10,000 contexts at once: all, or none. They have one time.
   * @throws InvalidContextError, VersionConflictError
   */
  storeContexts(contexts: readonly InputFor<C>[], options?: WriteOptions): Promise<ContextOf<C>[]>;

  retrieveContext(id: string, options?: RetrieveOptions): Promise<ContextOf<C> | undefined>;

  /** In the order asked, `undefined` where there is none. */
  retrieveContexts(ids: readonly string[], options?: AsOfOptions): Promise<(ContextOf<C> | undefined)[]>;

  /** @throws ContextNotFoundError */
  getContext(id: string, options?: RetrieveOptions): Promise<ContextOf<C>>;

  /**
   * Reads, changes and writes; anew while others write the same context in between.
   * @param change alters the draft, or returns what is to be stored in its place
   * @throws ContextNotFoundError, InvalidContextError; VersionConflictError after the last attempt
   */
  updateContext(
    id: string,
    change: (draft: ContextOf<C>) => ChangedContext<C> | Promise<ChangedContext<C>>,
    options?: UpdateOptions,
  ): Promise<ContextOf<C>>;

  /**
   * Writes a version that reads as absent.
   * @returns false where there was nothing to delete
   * @throws VersionConflictError
   */
  deleteContext(id: string, options?: DeleteOptions): Promise<boolean>;

  /** The versions of a context, deletions among them, newest first; up to a time, where that is given. */
  history(id: string, options?: HistoryOptions): Promise<HistoryPage>;

  /**
   * How one version became another, as a JSON Patch (RFC 6902), with the distance of their embeddings beside it.
   * @param from left out: the version before `to`
   * @param to left out: the current version
   * @throws ContextNotFoundError where one is a deletion, or is not there
   */
  diff(id: string, from?: number, to?: number, options?: CallOptions): Promise<ContextDiff>;

  /**
   * Makes a new version with the type, content, metadata and embeddings of an earlier one, whatever stands by now: what
   * was deleted is there again. A vector of another model is made anew.
   * @throws ContextNotFoundError; InvalidContextError where it does not fit the component any more;
   *   VersionConflictError; ContextbaseError invalid_argument where that version is a deletion
   */
  revertContext(id: string, version: number, options?: RevertOptions): Promise<ContextOf<C>>;

  /** Newest first, by when an id was first written; or in an order of `orderBy`. */
  listContexts(options?: ListOptions): Promise<ContextPage<C>>;

  /** How many contexts there are, or fit. */
  countContexts(options?: CountOptions): Promise<number>;

  /**
   * Finds contexts by text, by vector, or by both, under a filter; never fewer than `limit` while more match. Both
   * are merged by reciprocal rank fusion.
   * @throws ContextbaseError invalid_argument, and what the engine and the embedder throw
   */
  searchContexts(options: SearchOptions): Promise<Hits<C>>;

  /**
   * The changes of this component, each once, in order, as they come, whichever process makes them. It goes on until
   * it is left, or ends by the signal's reason, or by `closed` with the store. Who keeps the position of the last
   * change that was handled goes on behind it after a restart.
   * @throws ContextbaseError invalid_argument; from the iteration position_expired, storage_…, closed
   */
  watch(options?: WatchOptions): AsyncIterable<Change>;
};

/** What the change of an update may return: nothing, where it altered the draft. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that only alters its draft returns void.
export type ChangedContext<C> = InputFor<C> | undefined | void;
