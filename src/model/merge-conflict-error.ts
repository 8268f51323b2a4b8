import { type VersionConflict, VersionConflictError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { MergeConflict } from "./merging.ts";

const tell = ({ component, id, current }: VersionConflict, paths: readonly string[]): string => {
  const what = `${component} ${JSON.stringify(id)} cannot be merged`;
  if (paths.includes(""))
    return `${what}: it is not there any more since version ${current}. Store it without a version.`;
  const named = paths.slice(0, limits.namedConflicts).join(", ");
  const others =
    paths.length > limits.namedConflicts ? ` and ${paths.length - limits.namedConflicts} more` : "";
  return (
    `${what} with version ${current}: both sides changed ${named}${others}. ` +
    `Settle that, and store it as version ${current + 1}.`
  );
};

/**
 * A write that was to be merged and could not be. Nothing was changed. `details.paths` names where; "" is the context
 * as a whole, which was deleted.
 */
export class MergeConflictError extends VersionConflictError {
  /** Not enumerable, so that no logger prints them. */
  declare readonly conflicts: readonly MergeConflict[];

  constructor(conflict: VersionConflict, conflicts: readonly MergeConflict[]) {
    const paths = conflicts.map(({ path }) => path);
    super(conflict, { code: "merge_conflict", message: tell(conflict, paths), details: { paths } });
    Object.defineProperty(this, "conflicts", { value: conflicts, enumerable: false });
  }
}
