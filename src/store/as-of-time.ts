import { ContextbaseError } from "../base/errors.ts";
import { show } from "../base/show.ts";

/**
 * A time as a caller gives it, in milliseconds; undefined where none is given.
 * @throws ContextbaseError invalid_argument
 */
export const checkAsOf = (asOf: Date | string | undefined): number | undefined => {
  if (asOf === undefined) return undefined;
  const at = asOf instanceof Date ? asOf.getTime() : typeof asOf === "string" ? Date.parse(asOf) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const message = `asOf is ${show(asOf)}. It must be a Date, or a time such as 2026-01-31T12:00:00Z.`;
  throw new ContextbaseError("invalid_argument", message);
};
