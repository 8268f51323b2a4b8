import { ContextbaseError } from "../../base/errors.ts";
import type { ContextKey } from "../port/records.ts";

/** Whether what expires then, or never, was there at a time. Both are milliseconds. */
export const isStanding = (expiresAt: number | null | undefined, at: number): boolean =>
  expiresAt == null || expiresAt > at;

/** What stood at a time is not kept any more; the version before it did not stand then. */
export const removedVersion = (
  { component, id }: Pick<ContextKey, "component" | "id">,
  at: number,
): ContextbaseError => {
  const asOf = new Date(at).toISOString();
  const message = `The version of ${component} ${JSON.stringify(id)} that stood at ${asOf} was removed. Ask for a later time.`;
  return new ContextbaseError("version_removed", message, { component, details: { id, asOf } });
};
