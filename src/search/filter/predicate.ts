import type { Json } from "../../base/json.ts";
import { isBodyPath, type Path, valueBelow } from "../../model/path.ts";
import type { Filter, FilterSubject } from "./filter.ts";
import { createValuePredicate } from "./value-predicate.ts";

/** What stands at a path of a context; undefined where nothing does. */
export const valueAt = (subject: FilterSubject, path: Path): Json | undefined =>
  isBodyPath(path) ? valueBelow(subject[path.root], path.steps) : subject[path.root];

/** The written meaning of a filter: every engine gives exactly what this says. */
export const createPredicate = (filter: Filter): ((subject: FilterSubject) => boolean) => {
  switch (filter.kind) {
    case "and":
    case "or": {
      const predicates = filter.filters.map(createPredicate);
      return filter.kind === "and"
        ? (subject) => predicates.every((holds) => holds(subject))
        : (subject) => predicates.some((holds) => holds(subject));
    }
    case "not": {
      const holds = createPredicate(filter.filter);
      return (subject) => !holds(subject);
    }
    default: {
      const holds = createValuePredicate(filter);
      const { path } = filter;
      return (subject) => holds(valueAt(subject, path));
    }
  }
};
