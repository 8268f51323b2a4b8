import { isBodyPath, type Path } from "../../model/path.ts";
import type { PlanStep } from "../../model/searching.ts";
import type { Filter } from "../../search/filter/filter.ts";
import { leavesOf } from "../../search/filter/leaves-of.ts";
import { pathsOf } from "../../search/filter/paths-of.ts";
import type { Leaf } from "../../search/filter/value-predicate.ts";
import type { CountQuery, ListQuery } from "../engine.ts";
import { conjuncts, createKeySearch, type Found, type KeySource } from "./key-search.ts";
import { probingRows } from "./key-shortcuts.ts";

/** How contexts that fit are come by. */
export type FindPlan = {
  /** Only contexts of this type. */
  readonly type: string | undefined;
  /** What rows lead to; undefined: every context is looked at. */
  readonly found: Found | undefined;
  /** The places that rows lead to are gathered first: there are few. */
  readonly gathered: boolean;
  /** What a context that they lead to must still fit, by what stands in it. */
  readonly rest: Filter | undefined;
  /** Whether `rest` looks into the JSON of contexts: rows tell not all of it. */
  readonly inside: boolean;
  /** The paths whose rows are complete. */
  readonly paths: ReadonlySet<string>;
  /** Rows are walked in the order that was asked for. */
  readonly walked: boolean;
  readonly steps: readonly PlanStep[];
};

export type FindQuery = CountQuery & Partial<Pick<ListQuery, "order" | "limit">>;

const ways = {
  rows: "key rows",
  ids: "ids",
  type: "contexts of the type",
  found: "contexts that key rows found are read",
  all: "every context is read",
  sorted: "sorted",
} as const;

type Part = { readonly filter: Filter; readonly found: Found | undefined };

const typeOf = (filter: Filter): string | undefined =>
  filter.kind === "compare" &&
  filter.path.root === "type" &&
  filter.comparison === "eq" &&
  typeof filter.value === "string"
    ? filter.value
    : undefined;

const stepsOf = ({ filter, found }: Part, used: Part | undefined, most: number): PlanStep[] =>
  pathsOf(filter).map(({ text }) => {
    const step = { part: "filter", path: text } as const;
    if (found && used?.found === found) {
      const way = text === "id" ? ways.ids : ways.rows;
      return found.rows <= most ? { ...step, way, contexts: found.rows } : { ...step, way };
    }
    if (typeOf(filter) !== undefined) return { ...step, way: ways.type };
    return { ...step, way: used ? ways.found : ways.all };
  });

/** A plan for what is asked of a component. Places are gathered up to the number that rows are counted to. */
export const planFind = (query: FindQuery, source: KeySource): FindPlan => {
  const { where, order } = query;
  const { most, paths } = source;
  const find = createKeySearch(query, source);
  const parts = (where ? conjuncts(where) : []).map((filter): Part => ({ filter, found: find(filter) }));
  const best = parts.reduce<Part | undefined>(
    (one, other) => (other.found && other.found.rows < (one?.found?.rows ?? Infinity) ? other : one),
    undefined,
  );
  const gathered = best?.found !== undefined && best.found.rows <= most;
  const used = gathered || (best?.found?.inOrder && !order) ? best : undefined;
  // One type has an index of its own; what else is said of the type is looked at with the rest.
  const type = query.type ?? parts.map(({ filter }) => typeOf(filter)).find((one) => one !== undefined);
  const rest = parts.filter(
    (part) => !(part === used && part.found?.exact) && !(typeOf(part.filter) === type && type !== undefined),
  );
  const shortcut = probingRows(query, source);
  const looksInside = (leaf: Leaf): boolean => isBodyPath(leaf.path) && shortcut(leaf) === undefined;
  const walked =
    order !== undefined &&
    isFilled(order.path, paths) &&
    (!used || (gathered && paysToWalk(used.found?.rows ?? 0, query, source)));
  const orderWay = walked ? ways.rows : ways.sorted;
  return {
    type,
    found: used?.found,
    gathered,
    rest: rest.length === 0 ? undefined : { kind: "and", filters: rest.map(({ filter }) => filter) },
    inside: rest.some(({ filter }) => leavesOf(filter).some(looksInside)),
    paths,
    walked,
    steps: [
      ...parts.flatMap((part) => stepsOf(part, used, most)),
      ...(order ? [{ part: "order", way: orderWay, path: order.path.text } as const] : []),
    ],
  };
};

/** To look what a context is ordered by takes this many times longer than to pass by its row. */
const lookingCosts = 50;

/**
 * Whether rows are walked in their order until a page is full of what was gathered, rather than all of that put in
 * order: the one passes by so many rows for each that it takes, the other looks into each.
 */
const paysToWalk = (rows: number, { limit }: FindQuery, { total }: KeySource): boolean =>
  total !== undefined && limit !== undefined && total * limit < rows * rows * lookingCosts;

const isFilled = (path: Path, filled: ReadonlySet<string>): boolean =>
  isBodyPath(path) && filled.has(path.text);
