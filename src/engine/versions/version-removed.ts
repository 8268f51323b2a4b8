import { ContextbaseError } from "../../base/errors.ts";
import type { ContextKey } from "../port/records.ts";

/** A version that was written, and is not kept any more. */
export const versionRemoved = (
  { component, id }: Pick<ContextKey, "component" | "id">,
  version: number,
): ContextbaseError => {
  const message = `Version ${version} of ${component} ${JSON.stringify(id)} was removed by retention. The versions that are kept stand in its history.`;
  return new ContextbaseError("version_removed", message, { component, details: { id, version } });
};
