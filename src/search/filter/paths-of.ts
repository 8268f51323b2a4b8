import type { Path } from "../../model/path.ts";
import type { Filter } from "./filter.ts";
import { leavesOf } from "./leaves-of.ts";

/** The paths that a filter looks at, each once. */
export const pathsOf = (filter: Filter): Path[] => [
  ...new Map(leavesOf(filter).map(({ path }) => [path.text, path])).values(),
];
