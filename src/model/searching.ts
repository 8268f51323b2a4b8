import type { AsOfOptions } from "./call-options.ts";
import type { ContextOf } from "./component.ts";
import type { Where } from "./where.ts";

/** One thing that was done to answer. */
export type PlanStep = {
  readonly part: "filter" | "order" | "keyword" | "vector" | "thread";
  /** How, in a few words: `key rows`, `every context is read`, `exact`, `HNSW`. */
  readonly way: string;
  /** The path that it was done by, where there is one. */
  readonly path?: string;
  /** How many contexts took part, where that is known. */
  readonly contexts?: number;
};

export type SearchOptions = AsOfOptions & {
  /**
   * What is searched for: words, any of which may stand in a text, `"a phrase"` that must, a `prefix*`. Where the
   * component embeds, it is searched for by its vector, too.
   */
  readonly text?: string | undefined;
  /** A vector to search by: with `text` both count. Empty: by text alone, although the component embeds. */
  readonly embeddings?: readonly number[] | Float32Array | undefined;
  readonly type?: string | undefined;
  readonly where?: Where | undefined;
  /** How many hits, 10 where it is left out. */
  readonly limit?: number | undefined;
  /** How many neighbours in its thread each hit brings, before it and after it, whether or not they fit `where`. */
  readonly widen?: number | undefined;
  /** A hit this much older, in milliseconds of `updatedAt`, counts half. Left out: age does not count. */
  readonly halfLife?: number | undefined;
  /** Hits that fit a filter count `factor` times. */
  readonly boost?: readonly Boost[] | undefined;
  /** Tells, as `plan` of the hits, how they were found. */
  readonly explain?: boolean | undefined;
};

/** What errors say where text could be searched, and a vector cannot be had. */
export const searchByTextAlone =
  "To search by text alone, give embeddings: [], or --text-only on the command line.";

export type Boost = { readonly where: Where; readonly factor: number };

/** Why a hit is one. Ranks count from 1. */
export type Why = {
  /** By text: its rank, its BM25 score with what its thread lent, and the terms of the query that it holds. */
  readonly text?: { readonly rank: number; readonly score: number; readonly terms: readonly string[] };
  /** By vector: its rank, and the cosine of the angle between the two. */
  readonly vector?: { readonly rank: number; readonly similarity: number };
  /** What its age makes of the score, where that was asked for. */
  readonly recency?: number;
  /** What the boosts that fit make of it. */
  readonly boost?: number;
};

/** A piece of the text in which the terms stand, and where: `marks` are [start, end) within `text`. */
export type Snippet = {
  readonly path: string;
  readonly text: string;
  readonly marks: readonly (readonly [start: number, end: number])[];
};

export type Hit<C> = {
  readonly context: ContextOf<C>;
  /** Comparable within one search alone; higher is better. */
  readonly score: number;
  readonly why: Why;
  /** Where it holds terms of the text that was searched for. */
  readonly snippet?: Snippet;
  /** Where `widen` was given: its neighbours in the thread, in the thread's order. */
  readonly before?: ContextOf<C>[];
  readonly after?: ContextOf<C>[];
};

/** Best first. `plan` is there where it was asked for. */
export type Hits<C> = Hit<C>[] & { readonly plan?: readonly PlanStep[] };
