import { checkTime } from "./check-time.ts";

/**
 * A time as a caller gives it, in milliseconds; undefined where none is given.
 * @throws ContextbaseError invalid_argument
 */
export const checkAsOf = (asOf: Date | string | undefined): number | undefined =>
  asOf === undefined ? undefined : checkTime("asOf", asOf);
