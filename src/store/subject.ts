import type { Context } from "../model/context.ts";
import type { FilterSubject } from "../search/filter/filter.ts";

/** A context as a filter looks at it. */
export const subjectOf = (context: Context): FilterSubject => ({
  type: context.type,
  id: context.id,
  version: context.version,
  createdAt: context.createdAt.getTime(),
  updatedAt: context.updatedAt.getTime(),
  content: context.content,
  metadata: context.metadata,
});
