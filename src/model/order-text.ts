import { ContextbaseError } from "../base/errors.ts";
import { show } from "../base/show.ts";
import type { OrderBy } from "./where.ts";

/**
 * An order as one text: a path, and `:asc` or `:desc` behind it where it is said. A path that has a colon itself needs
 * one of them: a direction that is misspelled must not be taken for a part of the path.
 * @throws ContextbaseError invalid_argument
 */
export const orderOfText = (text: string): OrderBy => {
  const [, path, direction] = /^(.*):(asc|desc)$/s.exec(text) ?? [];
  if (path !== undefined) return { [path]: direction === "desc" ? "desc" : "asc" };
  if (!text.includes(":")) return text;
  const message = `The order ${show(text)} has a colon, and ends in neither :asc nor :desc. Put one of them behind the path.`;
  throw new ContextbaseError("invalid_argument", message);
};
