import type { RetentionRules } from "../../model/retention.ts";
import type { ContextKey, Key } from "./records.ts";

/** What a retention is applied to: contexts of a component. */
export type PruneQuery = Key & {
  readonly ids: readonly string[];
  readonly rules: RetentionRules;
  readonly now: number;
  /** Only counts, and changes nothing. */
  readonly dryRun: boolean;
};

/**
 * How far it came: so many of the ids, in their order, are done; the one behind them may be in part. `removed` are
 * versions.
 */
export type Pruned = { readonly done: number; readonly removed: number };

export type ExpiredQuery = {
  readonly tenant: string;
  readonly components: readonly string[];
  readonly now: number;
  readonly limit: number;
};

/** A context that expired, and stands as yet. */
export type ExpiredContext = Pick<ContextKey, "component" | "id"> & { readonly version: number };

/** What removes what is not to be kept any more. */
export type PrunePort = {
  /**
   * Removes those superseded versions of contexts that a retention does not keep. It comes back after some
   * milliseconds of work, which others had to wait for.
   */
  prune(query: PruneQuery): Promise<Pruned>;
  /** Contexts that expired and stand as yet, of each component those that did so first. */
  expired(query: ExpiredQuery): Promise<ExpiredContext[]>;
};
