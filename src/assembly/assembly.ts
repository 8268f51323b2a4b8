import type { CallOptions } from "../model/call-options.ts";
import type { Component } from "../model/component.ts";
import type { Why } from "../model/searching.ts";
import type { Where } from "../model/where.ts";
import type { Receipt } from "./receipt.ts";
import type { Render, Template } from "./template.ts";
import type { TokenizerName } from "./tokenizer.ts";

/** Where contexts come from. */
export type AssemblySource = {
  readonly component: Component;
  readonly type?: string | undefined;
  readonly where?: Where | undefined;
  /** What the query finds; or the newest, whatever the query is. Left out: what it finds. */
  readonly by?: "search" | "newest" | undefined;
  /**
   * A vector that is searched by beside the query. Empty: by the query's text alone, although the component embeds: the
   * way out where its embedder is down.
   */
  readonly embeddings?: readonly number[] | Float32Array | undefined;
  /** How many contexts it may bring, 50 where it is left out. */
  readonly limit?: number | undefined;
  /** How many neighbours in its thread each hit brings, before it and after it. They rank behind their hit. */
  readonly widen?: number | undefined;
  /** What its ranks count for beside other sources', 1 where it is left out. */
  readonly weight?: number | undefined;
};

export type AssemblyBudget = {
  /** How many tokens the text may have. It never has more. */
  readonly tokens: number;
  /** What counts them. Left out: o200k_base. */
  readonly tokenizer?: TokenizerName | undefined;
  /** The caller's own way to count, in place of a tokenizer. */
  readonly count?: ((text: string) => number) | undefined;
};

/**
 * How the contexts that were chosen follow each other: the best first; the oldest first; or the best first, but those
 * of one thread together where its best one stands, in the thread's order.
 */
export const assemblyOrders = ["relevance", "time", "thread"] as const;
export type AssemblyOrder = (typeof assemblyOrders)[number];

export type AssembleOptions = CallOptions & {
  /** What the window is for: a question, a task. */
  readonly query: string;
  readonly sources: readonly AssemblySource[];
  readonly budget: AssemblyBudget;
  /** Left out: `templates.xml`. */
  readonly template?: Template | Render | undefined;
  /** Left out: `thread`. */
  readonly order?: AssemblyOrder | undefined;
  /** How many contexts at most. Left out: as many as fit. */
  readonly limit?: number | undefined;
  /**
   * The share of word pairs, above 0 to 1, from which on a text is a duplicate of a better one and left out, unless
   * their numbers differ; or false: none is. Left out: 0.8. The contexts of one thread are never duplicates.
   */
  readonly duplicates?: number | false | undefined;
};

/** A version of a context. */
export type ContextVersion = { readonly component: string; readonly id: string; readonly version: number };

/** How a source came to bring a context. */
export type Reason = {
  /** Which of the sources, from 0. */
  readonly source: number;
  /** Where it stood in what the source brought, from 1. */
  readonly rank: number;
  /** Why it was a hit. */
  readonly why?: Why;
  /** The id of the hit that brought it as its neighbour. */
  readonly neighbourOf?: string;
};

export type AssembledItem = ContextVersion & {
  /** By its ranks in the sources; comparable within one assembly alone. */
  readonly score: number;
  /** What it adds to the text, by itself. */
  readonly tokens: number;
  readonly reasons: readonly Reason[];
};

export type MissedContext = ContextVersion & {
  readonly score: number;
  readonly reasons: readonly Reason[];
  /** It did not fit; a better one says the same; or there were `limit` better ones. */
  readonly missed: "budget" | "duplicate" | "limit";
  /** What it would have added; undefined where that is more than the budget. */
  readonly tokens?: number;
  /** What it is a duplicate of. */
  readonly duplicateOf?: ContextVersion;
};

export type Assembly = {
  /** Empty where nothing was found, or nothing fits. */
  readonly text: string;
  /** In the order of the text. */
  readonly items: readonly AssembledItem[];
  /** The best of those that are not in it, best first. */
  readonly missed: readonly MissedContext[];
  /** Those of the text. */
  readonly tokens: number;
  /** From it the same text can be made again. It is JSON. */
  readonly receipt: Receipt;
};

export type ReassembleOptions = CallOptions & {
  /** Needed where it was one of the caller's own. */
  readonly template?: Template | Render | undefined;
};

export type Reassembly = Pick<Assembly, "text" | "tokens"> & { readonly items: readonly ContextVersion[] };
