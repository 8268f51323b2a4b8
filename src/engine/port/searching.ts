import type { PlanStep } from "../../model/searching.ts";
import type { Filter, Order } from "../../search/filter/filter.ts";
import type { TextQuery } from "../../search/text/text-query.ts";
import type { Key, StoredContext } from "./records.ts";

/**
 * Where a page of a list ended: the context's first change position and, where the list has an order, the text by
 * which it was ordered (an engine's own). Opaque to callers.
 */
export type ListPlace = { readonly place: number; readonly value?: string | number | null };

export type ListQuery = Key & {
  readonly type: string | undefined;
  readonly where: Filter | undefined;
  /** Left out: newest first, by when an id was first written. */
  readonly order: Order | undefined;
  readonly limit: number;
  /** Only what comes after this place: `next` of the page before. */
  readonly after: ListPlace | undefined;
};

/** A page holds up to `limit` contexts, and ends early, after one at least, at `limits.pageBytes`. */
export type ListPage = {
  readonly contexts: readonly StoredContext[];
  /** Of lists of what is current: where each of them stands. */
  readonly places?: readonly number[];
  /** What to ask for `after` to go on; undefined where nothing is left. */
  readonly next: ListPlace | undefined;
  readonly plan: readonly PlanStep[];
};

export type CountQuery = Key & {
  readonly type: string | undefined;
  readonly where: Filter | undefined;
  /** What expired by this time is not counted. Left out: all of it is. */
  readonly now?: number | undefined;
};

export type SearchQuery = Key & {
  readonly text: TextQuery | undefined;
  /** Of the component's dimensions, not all zeros; its length does not matter, similarity is cosine. */
  readonly vector: Float32Array | undefined;
  readonly where: Filter | undefined;
  /** How many candidates of each kind are asked for, at the most. */
  readonly limit: number;
  /**
   * Where text and vector are searched for, how many of the best by both together are wanted: an engine may leave out
   * the others. Left out: all candidates are.
   */
  readonly fused?: number | undefined;
  /**
   * Whether contexts are wanted with what is found, where an engine has them at hand. Who wants them puts what vectors
   * found in order by what they hold.
   */
  readonly brings?: boolean;
  readonly signal: AbortSignal | undefined;
};

/** A context that fits, in the version that was current when it was found. */
export type Candidate = {
  readonly id: string;
  readonly version: number;
  /** By text: BM25, or what a thread lent. By vector: cosine similarity, which may be estimated; the set is not. */
  readonly score: number;
  /** Its place in its list, from 1, where that is not whole. */
  readonly rank?: number;
  /** By text: those terms of the query that it holds itself. */
  readonly terms?: readonly string[];
  /** The context itself, of that version, where it came along; its bytes are whose it is given to. */
  readonly context?: StoredContext;
};

/** The best candidates of each kind, best first; ties by id. Fewer than asked for only where no more are wanted or match. */
export type SearchAnswer = {
  readonly byText: readonly Candidate[];
  readonly byVector: readonly Candidate[];
  readonly plan: readonly PlanStep[];
};
