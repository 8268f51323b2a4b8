import type { Path } from "../../model/path.ts";
import type { Filter } from "./filter.ts";

const collect = (filter: Filter, paths: Map<string, Path>): void => {
  switch (filter.kind) {
    case "and":
    case "or":
      for (const one of filter.filters) collect(one, paths);
      return;
    case "not":
      collect(filter.filter, paths);
      return;
    default:
      paths.set(filter.path.text, filter.path);
  }
};

/** The paths that a filter looks at, each once. */
export const pathsOf = (filter: Filter): Path[] => {
  const paths = new Map<string, Path>();
  collect(filter, paths);
  return [...paths.values()];
};
