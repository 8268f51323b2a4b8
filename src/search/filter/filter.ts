import type { Json } from "../../base/json.ts";
import type { Path } from "../../model/path.ts";

export type Comparison = "eq" | "gt" | "gte" | "lt" | "lte";

/**
 * A filter that was parsed: what `where` says, in as few kinds as possible. `$ne` and `$nin` are negations of `eq`
 * and `in`. Times of `createdAt` and `updatedAt` are milliseconds here.
 */
export type Filter =
  | { readonly kind: "and" | "or"; readonly filters: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "compare"; readonly path: Path; readonly comparison: Comparison; readonly value: Json }
  | { readonly kind: "in"; readonly path: Path; readonly values: readonly Json[] }
  | { readonly kind: "exists"; readonly path: Path }
  | { readonly kind: "contains"; readonly path: Path; readonly value: Json }
  | { readonly kind: "startsWith"; readonly path: Path; readonly value: string };

/** What a filter looks at. Times are milliseconds. */
export type FilterSubject = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly content: Json;
  readonly metadata: Json;
  /** Where somebody asks for it. */
  readonly schemaVersion?: number;
};

/** The order of a list: by the value at a path, ties and what has none by when an id was first written. */
export type Order = { readonly path: Path; readonly descending: boolean };
