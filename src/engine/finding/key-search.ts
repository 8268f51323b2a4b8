import type { Json } from "../../base/json.ts";
import { isBodyPath } from "../../model/path.ts";
import type { Filter } from "../../search/filter/filter.ts";
import { joinSql, type Sql, sql } from "../../search/filter/sql.ts";
import type { Leaf } from "../../search/filter/value-predicate.ts";
import type { Key } from "../engine.ts";
import { allRanges, type KeyCondition, keyCondition, missingCondition } from "./key-conditions.ts";

/** Contexts that rows lead to: all that fit a filter, and where it is not `exact` some that do not. */
export type Found = {
  /** Selections of their places. */
  readonly places: readonly Sql[];
  /** How many rows there are; one more than were to be counted: so many, or more. */
  readonly rows: number;
  readonly exact: boolean;
  /** Where one range of rows has them all, in the order of their places: the condition on `k`. */
  readonly inOrder?: Sql;
  /** Each context has one of the rows, so that rows are as many as contexts. */
  readonly single: boolean;
};

/** More ranges than this are not counted: a filter may hold hundreds of conditions. */
const mostRanges = 100;

const none: Found = { places: [], rows: 0, exact: true, single: true };

type Bound = Extract<Filter, { readonly kind: "compare" }>;

/** Whether it bounds the values at a path, from above or from below. */
const isBound = (filter: Filter): filter is Bound => filter.kind === "compare" && filter.comparison !== "eq";

const boundsOfOnePath = (filters: readonly Filter[]): readonly Bound[] | undefined => {
  const bounds = filters.filter(isBound);
  const [first] = bounds;
  const together = bounds.length === filters.length && bounds.length > 1;
  return together && bounds.every(({ path }) => path.text === first?.path.text) ? bounds : undefined;
};

const flatten = (filter: Filter): readonly Filter[] =>
  filter.kind === "and" ? filter.filters.flatMap(flatten) : [filter];

/** Conditions that all must hold, one by one; the bounds of one path together, which are one range. */
export const conjuncts = (filter: Filter): readonly Filter[] => {
  const parts = flatten(filter);
  const bounds = Map.groupBy(parts.filter(isBound), ({ path }) => path.text);
  return [
    ...parts.filter((part) => !isBound(part)),
    ...[...bounds.values()].flatMap((some): readonly Filter[] =>
      some.length === 1 ? some : [{ kind: "and", filters: some }],
    ),
  ];
};

/** What rows are looked for with. */
export type KeySource = {
  /** The tables, as a statement names them. */
  readonly keys: Sql;
  readonly contexts: Sql;
  /** The paths whose rows are complete, as they are written. */
  readonly paths: ReadonlySet<string>;
  /** How many rows of `keys k` fit a condition; they are counted up to `most` and one. */
  readonly count: (condition: Sql) => number;
  readonly most: number;
  /** How many contexts there are at the most, where places that were gathered are looked up fast. */
  readonly total?: number;
};

/**
 * Finds what a filter needs looked at by the rows of declared paths that are filled, and by ids.
 * @returns undefined where the filter is no matter for rows
 */
export const createKeySearch = (
  { tenant, component }: Key,
  { keys, contexts, paths, count, most }: KeySource,
): ((filter: Filter) => Found | undefined) => {
  let counted = 0;
  const byCondition = (path: string, { ranges, exact, byPlace }: KeyCondition): Found | undefined => {
    counted += ranges.length;
    if (counted > mostRanges) return undefined;
    const conditions = ranges.map(
      (range) => sql`k.tenant = ${tenant} AND k.component = ${component} AND k.path = ${path} AND ${range}`,
    );
    const [first] = conditions;
    return {
      places: conditions.map((condition) => sql`SELECT k.place FROM ${keys} k WHERE ${condition}`),
      rows: Math.min(
        most + 1,
        conditions.reduce((sum, condition) => sum + count(condition), 0),
      ),
      exact,
      ...(byPlace && conditions.length === 1 && first && { inOrder: first }),
      single: exact,
    };
  };

  const byId = (ids: readonly Json[]): Found => {
    const texts = [...new Set(ids.filter((id) => typeof id === "string"))];
    if (texts.length === 0) return none;
    const list = joinSql(
      texts.map((id) => sql`${id}`),
      ", ",
    );
    const places = sql`SELECT i.place FROM ${contexts} i
      WHERE i.tenant = ${tenant} AND i.component = ${component} AND i.id IN (${list})`;
    return { places: [places], rows: texts.length, exact: true, single: false };
  };

  const ofLeaf = (leaf: Leaf): Found | undefined => {
    if (isBodyPath(leaf.path)) {
      return paths.has(leaf.path.text) ? byCondition(leaf.path.text, keyCondition(leaf)) : undefined;
    }
    if (leaf.path.root !== "id") return undefined;
    if (leaf.kind === "in") return byId(leaf.values);
    return leaf.kind === "compare" && leaf.comparison === "eq" ? byId([leaf.value]) : undefined;
  };

  /** Bounds of one declared path are one range of its rows. */
  const ofBounds = (bounds: readonly Bound[]): Found | undefined => {
    const [first] = bounds;
    if (!first || !isBodyPath(first.path) || !paths.has(first.path.text)) return undefined;
    return byCondition(first.path.text, allRanges(bounds.map(keyCondition)));
  };

  /** All of them lead to what any of them fits; a single one that leads nowhere spoils it. */
  const ofAny = (filters: readonly Filter[]): Found | undefined => {
    const found = filters.map(find);
    const known = found.filter((one) => one !== undefined);
    if (known.length < found.length) return undefined;
    const places = known.flatMap((one) => one.places);
    const rows = known.reduce((sum, one) => sum + one.rows, 0);
    return {
      places,
      rows: Math.min(most + 1, rows),
      exact: known.every(({ exact }) => exact),
      single: false,
    };
  };

  const find = (filter: Filter): Found | undefined => {
    switch (filter.kind) {
      case "and": {
        const bounds = boundsOfOnePath(filter.filters);
        if (bounds) return ofBounds(bounds);
        const parts = conjuncts(filter);
        const best = fewest(parts.map(find));
        return best && parts.length > 1 ? { ...best, exact: false } : best;
      }
      case "or":
        return ofAny(filter.filters);
      case "not": {
        const { filter: inner } = filter;
        const known = inner.kind === "exists" && isBodyPath(inner.path) && paths.has(inner.path.text);
        return known ? byCondition(inner.path.text, missingCondition) : undefined;
      }
      default:
        return ofLeaf(filter);
    }
  };
  return find;
};

/** The one that leads to the fewest. */
export const fewest = (found: readonly (Found | undefined)[]): Found | undefined =>
  found.reduce((best, one) => (one && (!best || one.rows < best.rows) ? one : best), undefined);
