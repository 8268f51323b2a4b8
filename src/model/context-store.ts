import type { Monitor } from "../monitoring/monitor.ts";
import type { AsOfOptions, CallOptions } from "./call-options.ts";
import type { Component, ContextOf, InputFor } from "./component.ts";
import type { ContextDiff } from "./context-diff.ts";
import type { Hits, SearchOptions } from "./searching.ts";
import type { Change, ContextPage, HistoryPage, MergedContext } from "./store-answers.ts";
import type {
  CountOptions,
  DeleteOptions,
  HistoryOptions,
  ListOptions,
  MergeInput,
  RetrieveOptions,
  RevertOptions,
  StoreOptions,
  UpdateOptions,
  WatchOptions,
  WriteOptions,
} from "./store-options.ts";

export type * from "./store-answers.ts";
export type * from "./store-options.ts";

/** The contexts of one component, for one principal. Absent, deleted and another tenant's are the same. */
export type ContextStore<C extends Component> = {
  readonly component: C;
  readonly monitor: Monitor;

  /**
   * Writes the next version, or the version that `version` names. Durable once it returns.
   * @returns the context as it was stored
   * @throws InvalidContextError, VersionConflictError; MergeConflictError where it was to be merged and could not be
   */
  storeContext(context: InputFor<C>, options?: StoreOptions): Promise<ContextOf<C>>;

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
   * Merges yours, which was made of the version `base`, with what others made of it since, field by field, and by the
   * `merge` policies of the component where both changed one. Where nothing is left it is stored as one new version.
   * @param sides `base`: a version, or 0 where yours was made of none; `yours`: a context, its version left out
   * @returns what was stored, without conflicts; or the conflicts, nothing having been stored, with the current context
   * @throws ContextNotFoundError where it was deleted; InvalidContextError where what was merged does not fit its
   *   schema; ContextbaseError version_removed; VersionConflictError where there is no `base` yet, or others came
   *   first too often
   */
  mergeContext(id: string, sides: MergeInput<C>, options?: WriteOptions): Promise<MergedContext<C>>;

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
