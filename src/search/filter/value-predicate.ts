import { compareText } from "../../base/compare-text.ts";
import type { Json } from "../../base/json.ts";
import { sameJson } from "../../base/same-json.ts";
import type { Comparison, Filter } from "./filter.ts";

/** The filters that look at one path. */
export type Leaf = Exclude<Filter, { readonly kind: "and" | "or" | "not" }>;

/** Below 0, 0 or above 0 between two numbers or two texts; undefined between all else, which has no order. */
const order = (a: Json | undefined, b: Json): number | undefined => {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return undefined;
};

const holds = (comparison: Exclude<Comparison, "eq">, difference: number): boolean => {
  if (comparison === "gt") return difference > 0;
  if (comparison === "gte") return difference >= 0;
  return comparison === "lt" ? difference < 0 : difference <= 0;
};

/** What a leaf says of the one value at its path, undefined where none stands there. */
export const createValuePredicate = (leaf: Leaf): ((value: Json | undefined) => boolean) => {
  switch (leaf.kind) {
    case "exists":
      return (value) => value !== undefined;
    case "in":
      return (value) => leaf.values.some((one) => sameJson(value, one));
    case "contains":
      return (value) => Array.isArray(value) && value.some((item) => sameJson(item, leaf.value));
    case "startsWith":
      return (value) => typeof value === "string" && value.startsWith(leaf.value);
    case "compare": {
      const { comparison, value: other } = leaf;
      if (comparison === "eq") return (value) => sameJson(value, other);
      return (value) => {
        const difference = order(value, other);
        return difference !== undefined && holds(comparison, difference);
      };
    }
  }
};
