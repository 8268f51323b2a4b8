import { compareText } from "../../base/compare-text.ts";
import { isBodyPath } from "../../model/path.ts";
import type { FilterSubject, Order } from "../../search/filter/filter.ts";
import { valueAt } from "../../search/filter/predicate.ts";
import { keyValue } from "../finding/key-values.ts";
import type { OrderValue, PlaceAfter } from "../finding/list-place.ts";

/** What a context is ordered by, as lists of what is current have it. */
export const orderValuesOf = ({ path }: Order, subject: FilterSubject): readonly OrderValue[] => {
  const value = valueAt(subject, path);
  if (isBodyPath(path)) {
    const { kind, number, text } = keyValue(value);
    return [kind, number, text];
  }
  return typeof value === "string" || typeof value === "number" ? [value] : [];
};

const compareValues = (a: OrderValue | undefined, b: OrderValue | undefined): number =>
  typeof a === "string" && typeof b === "string" ? compareText(a, b) : Number(a) - Number(b);

/** The order of a list: by values, then by place. Below 0 where the first comes first. */
export const comparePlaces =
  ({ descending }: Order) =>
  (a: PlaceAfter, b: PlaceAfter): number => {
    let difference = 0;
    for (let at = 0; at < a.values.length && difference === 0; at++)
      difference = compareValues(a.values[at], b.values[at]);
    if (difference === 0) difference = a.place - b.place;
    return descending ? -difference : difference;
  };
