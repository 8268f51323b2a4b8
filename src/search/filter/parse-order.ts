import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { show } from "../../base/show.ts";
import { parsePath } from "../../model/path.ts";
import type { Order } from "./filter.ts";

const invalid = (found: string): ContextbaseError =>
  new ContextbaseError(
    "invalid_argument",
    `orderBy ${found}. It is a path, such as "metadata.due", or one path with its direction: { "metadata.due": "desc" }.`,
  );

/**
 * The order that `orderBy` says.
 * @throws ContextbaseError invalid_argument
 */
export const parseOrder = (orderBy: unknown): Order => {
  if (typeof orderBy === "string") return { path: parsePath(orderBy), descending: false };
  if (!isObject(orderBy)) throw invalid(`is ${Array.isArray(orderBy) ? "an array" : show(orderBy)}`);
  const [entry, second] = Object.entries(orderBy);
  if (!entry) throw invalid("names no path");
  if (second) throw invalid("names several paths");
  const [text, direction] = entry;
  const path = parsePath(text);
  if (direction === "asc" || direction === "desc") return { path, descending: direction === "desc" };
  throw invalid(`has the direction ${show(direction)}, which is neither "asc" nor "desc"`);
};
