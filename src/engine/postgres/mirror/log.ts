import type { Standing } from "../../engine.ts";
import { numberOf, textOf, toStored } from "../connection/rows.ts";
import type { Row, Step } from "../connection/trip.ts";
import type { Mirror } from "./mirror.ts";
import { logColumns, type MirrorStatements } from "./mirror-statements.ts";
import type { Stamp } from "./stamp.ts";

/**
 * What the log says of a mirror: nothing changed; these contexts did, up to a stamp, maybe with more to come; or its
 * stamp is no place of this log any more, or contents were rewritten, and it is to be made anew.
 */
export type Told =
  | { readonly kind: "same" }
  | ({
      readonly kind: "changed";
      readonly stamp: Stamp;
      readonly ids: readonly string[];
      readonly more: boolean;
    } & {
      /** Those of them that are not deleted. */
      readonly standing: readonly Standing[];
    })
  | { readonly kind: "lost" };

/** Asks for up to `most` changes since the stamp of a mirror. */
export const askLog = ({ log }: MirrorStatements, { key, stamp }: Mirror, most: number): Step => ({
  statement: log,
  // The change of the stamp itself, and one by which it is known that there are more.
  values: [key.tenant, key.component, String(stamp().position), String(most + 2)],
});

const stampOf = (row: Row): Stamp => ({
  position: numberOf(row, logColumns.position),
  at: numberOf(row, logColumns.at),
  write: textOf(row, logColumns.write),
  rewrites: numberOf(row, logColumns.rewrites),
});

const isSame = (one: Stamp, other: Stamp): boolean =>
  one.position === other.position &&
  one.at === other.at &&
  one.write === other.write &&
  one.rewrites === other.rewrites;

/** @param stamp the one that was asked with */
export const readLog = (component: string, stamp: Stamp, rows: readonly Row[], most: number): Told => {
  const [first, ...later] = rows;
  if (!first || !isSame(stampOf(first), stamp)) return { kind: "lost" };
  const changed = later.slice(0, most);
  const last = changed.at(-1);
  if (!last) return { kind: "same" };
  const stands = changed.filter((row) => row[logColumns.place] != null);
  return {
    kind: "changed",
    stamp: stampOf(last),
    ids: changed.flatMap((row) => row[logColumns.id] ?? []),
    standing: stands.map((row) => ({
      ...toStored(component, row.slice(logColumns.context)),
      place: numberOf(row, logColumns.place),
    })),
    more: later.length > most,
  };
};

/** Takes in what changed, unless that is known already by what was asked later. */
export const takeIn = (mirror: Mirror, told: Extract<Told, { readonly kind: "changed" }>): void => {
  if (told.stamp.position <= mirror.stamp().position) return;
  const standing = new Map(told.standing.map((context) => [context.id, context]));
  for (const id of told.ids) {
    const context = standing.get(id);
    if (context) mirror.take(context);
    else mirror.drop(id);
  }
  mirror.moveTo(told.stamp);
};
