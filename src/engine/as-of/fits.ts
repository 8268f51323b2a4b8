import type { FilterSubject } from "../../search/filter/filter.ts";
import { createPredicate } from "../../search/filter/predicate.ts";
import type { CountQuery } from "../port/searching.ts";

/** Whether a context is of the type and fits the filter that were asked for. */
export const fitsOf = ({
  type,
  where,
}: Pick<CountQuery, "type" | "where">): ((subject: FilterSubject) => boolean) => {
  const holds = where && createPredicate(where);
  return (subject) => (type === undefined || subject.type === type) && (!holds || holds(subject));
};
