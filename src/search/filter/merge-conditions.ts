import type { Json } from "../../base/json.ts";
import type { Path } from "../../model/path.ts";
import type { Filter } from "./filter.ts";

type Equality = { readonly path: Path; readonly values: readonly Json[] };

/** What a filter asks to be equal to what stands at one path. */
const equality = (filter: Filter): Equality | undefined => {
  if (filter.kind === "in") return filter;
  if (filter.kind !== "compare" || filter.comparison !== "eq") return undefined;
  return { path: filter.path, values: [filter.value] };
};

/** Those of a combination that say that something equals are one question a path: one look, not hundreds. */
const mergeEqualities = (
  filters: readonly Filter[],
  equalityOf: (filter: Filter) => Equality | undefined,
  toFilter: (merged: Filter) => Filter,
): Filter[] => {
  const found = filters.map((filter) => ({ filter, equality: equalityOf(filter) }));
  const byPath = Map.groupBy(found, ({ equality: one }) => one?.path.text);
  return [...byPath.entries()].flatMap(([path, some]) => {
    const equalities = some.map((one) => one.equality).filter((one) => one !== undefined);
    const [first] = equalities;
    if (path === undefined || !first || some.length === 1) return some.map(({ filter }) => filter);
    return [toFilter({ kind: "in", path: first.path, values: equalities.flatMap(({ values }) => values) })];
  });
};

const withoutRepeats = (filters: readonly Filter[]): Filter[] => [
  ...new Map(filters.map((filter) => [JSON.stringify(filter), filter])).values(),
];

/** The filters of an `$or`, in as few as say the same. */
export const mergeAny = (filters: readonly Filter[]): Filter[] =>
  mergeEqualities(withoutRepeats(filters), equality, (merged) => merged);

/** The filters that all must hold, in as few as say the same. */
export const mergeAll = (filters: readonly Filter[]): Filter[] =>
  mergeEqualities(
    withoutRepeats(filters),
    (filter) => (filter.kind === "not" ? equality(filter.filter) : undefined),
    (merged) => ({ kind: "not", filter: merged }),
  );
