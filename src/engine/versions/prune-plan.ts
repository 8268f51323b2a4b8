import type { RetentionRules } from "../../model/retention.ts";
import { createRetaining } from "../../versioning/retention.ts";
import { snapshotEvery } from "./version-body.ts";

/** What an engine keeps of a superseded version beside its body. */
export type VersionHead = {
  readonly version: number;
  readonly at: number;
  /** Set where the version after it was removed: when that one took its place. */
  readonly supersededAt: number | undefined;
  /** The version without whose body this one's cannot be read. */
  readonly dictionary: number | undefined;
};

export type Superseded = { readonly version: number; readonly supersededAt: number };

/** What is to be done to the versions of one context. */
export type PrunePlan = {
  /** Newest first. */
  readonly removed: readonly number[];
  /** Kept versions of whom it must be noted when they were superseded, as the version after them goes. */
  readonly superseded: readonly Superseded[];
  /** Kept versions that lose their dictionary: those of each together, newest first. */
  readonly orphans: readonly (readonly number[])[];
};

const blockOf = (version: number): number => Math.floor((version - 1) / snapshotEvery);

/**
 * @param current the version that stands
 * @param heads those before it, newest first; no more of them are asked for than are needed
 * @param most so many are removed at the most; the rest another time
 */
export const planPrune = (
  current: Pick<VersionHead, "version" | "at">,
  heads: Iterable<VersionHead>,
  { rules, now, most }: { readonly rules: RetentionRules; readonly now: number; readonly most: number },
): PrunePlan => {
  const retains = createRetaining(rules, now);
  retains({ ...current, supersededAt: undefined });
  const removed: number[] = [];
  const superseded: Superseded[] = [];
  const dependents: VersionHead[] = [];
  let newer: Pick<VersionHead, "version" | "at"> = current;
  for (const head of heads) {
    const supersededAt = head.supersededAt ?? newer.at;
    const last = removed.at(-1);
    const full = removed.length >= most;
    // The versions that may need one of the removed for their dictionary are of the same block.
    if (full && last !== newer.version && blockOf(head.version) < blockOf(last ?? 0)) break;
    if (retains({ version: head.version, at: head.at, supersededAt }) || full) {
      if (last === newer.version && head.supersededAt === undefined) {
        superseded.push({ version: head.version, supersededAt });
      }
      if (head.dictionary !== undefined) dependents.push(head);
    } else {
      removed.push(head.version);
    }
    newer = head;
  }
  return { removed, superseded, orphans: orphansOf(dependents, new Set(removed)) };
};

const orphansOf = (dependents: readonly VersionHead[], removed: ReadonlySet<number>): number[][] => {
  const orphans = new Map<number, number[]>();
  for (const { version, dictionary = 0 } of dependents) {
    if (!removed.has(dictionary)) continue;
    const those = orphans.get(dictionary);
    if (those) those.push(version);
    else orphans.set(dictionary, [version]);
  }
  return [...orphans.values()];
};

/** A body of a version with what it is kept by from now on. */
export type Repacked = {
  readonly version: number;
  readonly dictionary: number | undefined;
  readonly encoding: number;
  readonly body: Buffer;
};
