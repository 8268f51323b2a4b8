import type { GroupOutcome, Write, WriteGroup } from "../../engine.ts";
import type { Changes } from "../changes/changes.ts";
import { type ContextRow, toStored } from "../layout/rows.ts";

type Conflict = Extract<GroupOutcome, { status: "conflict" }>;

/**
 * The conflict of a group that was to follow another write, where what it would supersede is not that one's. Its version
 * alone cannot tell: that other write may have failed, and a third have made the version.
 * @param standing what stands for each of its writes
 */
export const createOvertaken =
  (changes: Pick<Changes, "ofWrite">) =>
  (
    { tenant, after }: WriteGroup,
    standing: readonly { readonly write: Write; readonly row: ContextRow | undefined }[],
  ): Conflict | undefined => {
    if (after === undefined) return undefined;
    const made = changes.ofWrite(tenant, after) ?? [];
    const index = standing.findIndex(
      ({ write, row }) =>
        !made.some(
          ({ component, id, version }) =>
            component === write.component && id === write.id && version === row?.version,
        ),
    );
    const overtaken = standing[index];
    if (!overtaken) return undefined;
    const { write, row } = overtaken;
    const current = row?.version ?? 0;
    const attempted = write.version ?? current + 1;
    return { status: "conflict", index, attempted, current, theirs: toStored(row) };
  };
