import type { Json } from "../base/json.ts";

/** A value that a filter compares with; a Date stands for its ISO 8601 text in UTC. */
export type WhereValue = Json | Date;

export type WhereOperators = {
  readonly $eq?: WhereValue;
  readonly $ne?: WhereValue;
  readonly $gt?: WhereValue;
  readonly $gte?: WhereValue;
  readonly $lt?: WhereValue;
  readonly $lte?: WhereValue;
  readonly $in?: readonly WhereValue[];
  readonly $nin?: readonly WhereValue[];
  readonly $exists?: boolean;
  /** An element of the array there. */
  readonly $contains?: WhereValue;
  readonly $startsWith?: string;
};

/**
 * A filter: paths (`type`, `id`, `version`, `createdAt`, `updatedAt`, `content.…`, `metadata.…`) with what must be
 * there, all of them. A bare value means equal; a dot within a name is written `\.`.
 */
export type Where = {
  readonly $and?: readonly Where[];
  readonly $or?: readonly Where[];
  readonly $not?: Where;
  readonly [path: string]: WhereValue | WhereOperators | Where | readonly Where[] | undefined;
};

/** A path, ascending; or one path with its direction. */
export type OrderBy = string | { readonly [path: string]: "asc" | "desc" };
