import type { RetentionRules, Thinning } from "../model/retention.ts";

/** A version that a store keeps. Times are milliseconds. */
export type RetainedVersion = {
  readonly version: number;
  readonly at: number;
  /** When the next one took its place; undefined for the current one. */
  readonly supersededAt: number | undefined;
};

const hour = 60 * 60 * 1_000;
const day = 24 * hour;

/** The first Monday of 1970 was its fifth day. */
const firstMonday = 4 * day;

/** The number of the period, in UTC, that a time lies in. */
const periods: Readonly<Record<Exclude<Thinning, "all">, (at: number) => number>> = {
  hourly: (at) => Math.floor(at / hour),
  daily: (at) => Math.floor(at / day),
  weekly: (at) => Math.floor((at - firstMonday) / (7 * day)),
  monthly: (at) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth(),
  yearly: (at) => new Date(at).getUTCFullYear(),
};

/** Whether a version is the last of its period: one that stands until the next has begun. */
const endsPeriod = (keep: Thinning, at: number, nextAt: number): boolean =>
  keep === "all" || periods[keep](at) !== periods[keep](nextAt);

/**
 * Tells of the versions of one context, asked for newest first and without a gap, whether a retention keeps each. What
 * is kept depends on newer versions alone, so that a part of what is to be removed may be removed before the rest.
 */
export const createRetaining = (
  { versions, steps }: RetentionRules,
  now: number,
): ((version: RetainedVersion) => boolean) => {
  let seen = 0;
  let nextAt = Number.NaN;
  return ({ at, supersededAt }) => {
    const newer = nextAt;
    seen++;
    nextAt = at;
    if (supersededAt === undefined || seen <= versions) return true;
    const age = now - supersededAt;
    return steps.some((rules) => {
      const rule = rules.find(({ within }) => age < within);
      return rule !== undefined && endsPeriod(rule.keep, at, newer);
    });
  };
};

/**
 * The numbers of those versions of a context that a retention does not keep, oldest first. The current version is
 * never among them. Once they are removed, no more are at the same time.
 * @param versions those that there are, in any order
 */
export const versionsToRemove = (
  rules: RetentionRules,
  versions: readonly RetainedVersion[],
  now: number,
): number[] => {
  const retains = createRetaining(rules, now);
  const newestFirst = versions.toSorted((one, other) => other.version - one.version);
  const removed = newestFirst.filter((version) => !retains(version)).map(({ version }) => version);
  return removed.reverse();
};
