import { ContextbaseError } from "../../base/errors.ts";
import { show } from "../../base/show.ts";

/**
 * A time as a caller gives it, in milliseconds.
 * @throws ContextbaseError invalid_argument
 */
export const checkTime = (what: string, time: Date | string): number => {
  const at = time instanceof Date ? time.getTime() : typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const message = `${what} is ${show(time)}. It must be a Date, or a time such as 2026-01-31T12:00:00Z.`;
  throw new ContextbaseError("invalid_argument", message);
};
