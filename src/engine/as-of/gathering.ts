import { isBodyPath, type Path } from "../../model/path.ts";
import { pathsOf } from "../../search/filter/paths-of.ts";
import type { Standing, StandingQuery } from "../port/as-of.ts";
import type { ListQuery } from "../port/searching.ts";

/** What is made of contexts as they stood, of one after another. */
export type Gathering<Answer> = {
  /** What is to be walked over. Others than of this type are walked over in vain, where nothing is to be lifted. */
  readonly walk: Pick<StandingQuery, "type" | "after" | "direction" | "most" | "bodies">;
  /** Whether it looks at what lifting may change. */
  readonly lifted: boolean;
  /** @returns whether more are wanted */
  readonly take: (standing: Standing) => boolean;
  readonly answer: () => Answer;
};

type Looks = Pick<ListQuery, "type" | "where"> & Partial<Pick<ListQuery, "order">>;

/** The paths that a question looks at. */
const pathsIn = ({ where, order }: Looks): readonly Path[] => [
  ...(where ? pathsOf(where) : []),
  ...(order ? [order.path] : []),
];

export const looksInside = (query: Looks): boolean => pathsIn(query).some(isBodyPath);

/** Lifting may change contents, metadata and types. */
export const looksAtLifted = (query: Looks): boolean =>
  query.type !== undefined || pathsIn(query).some((path) => isBodyPath(path) || path.root === "type");
