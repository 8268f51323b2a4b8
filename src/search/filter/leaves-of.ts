import type { Filter } from "./filter.ts";
import type { Leaf } from "./value-predicate.ts";

/** The conditions on a path that a filter is made of. */
export const leavesOf = (filter: Filter): Leaf[] => {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.filters.flatMap(leavesOf);
    case "not":
      return leavesOf(filter.filter);
    default:
      return [filter];
  }
};
