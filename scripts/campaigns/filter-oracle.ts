import { isObject, type Json } from "../../src/base/json.ts";
import type { OrderBy, Where } from "../../src/model/where.ts";
import type { FilterSubject } from "../../src/search/filter/filter.ts";
import { parseFilter } from "../../src/search/filter/parse-filter.ts";
import { parseOrder } from "../../src/search/filter/parse-order.ts";
import { createPredicate, valueAt } from "../../src/search/filter/predicate.ts";

/** A context as it stands, with when its id was first written. */
export type OracleContext = FilterSubject & { readonly place: number };

const rank = (value: Json | undefined): number => {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (Array.isArray(value)) return 5;
  if (isObject(value)) return 6;
  return { boolean: 2, number: 3, string: 4 }[typeof value as "boolean" | "number" | "string"];
};

/** UTF-8 bytes stand in the order of code points. */
const compareTexts = (a: string, b: string): number => {
  const [first, second] = [[...a], [...b]];
  const beginnings = Buffer.compare(
    Buffer.from(first.slice(0, 200).join("")),
    Buffer.from(second.slice(0, 200).join("")),
  );
  return beginnings || Number(first.length > 200) - Number(second.length > 200);
};

/** The order of lists, as docs/filters.md tells it. */
const compareValues = (a: Json | undefined, b: Json | undefined): number => {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return Math.min(a.length, 1_001) - Math.min(b.length, 1_001);
  return rank(a) === 2 || rank(a) === 3 ? Number(a) - Number(b) : 0;
};

/** The ids that a list gives, in its order. */
export const oracleList = (
  contexts: readonly OracleContext[],
  where: Where | undefined,
  orderBy: OrderBy | undefined,
): string[] => {
  const fits = where === undefined ? () => true : createPredicate(parseFilter(where));
  const found = contexts.filter(fits);
  const order = orderBy === undefined ? undefined : parseOrder(orderBy);
  if (!order) return found.sort((a, b) => b.place - a.place).map(({ id }) => id);
  const sign = order.descending ? -1 : 1;
  return found
    .sort(
      (a, b) => sign * (compareValues(valueAt(a, order.path), valueAt(b, order.path)) || a.place - b.place),
    )
    .map(({ id }) => id);
};
