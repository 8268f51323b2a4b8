import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import { type Duration, durationForm, parseDuration } from "./duration.ts";

/** What is kept of each context: every version, or the last one of each period, in UTC. A week begins on Monday. */
export type Thinning = "all" | "hourly" | "daily" | "weekly" | "monthly" | "yearly";

export type ThinRule = {
  /** For versions that were superseded within this time. Left out, in the last rule: for all that are older. */
  readonly within?: Duration;
  readonly keep: Thinning;
};

/**
 * Which versions of a context a store keeps. The current one is always kept, and so is what any of these keeps; what
 * none of them keeps is removed. A component without it keeps every version.
 */
export type Retention = {
  /** So many of the newest, the current one among them. */
  readonly versions?: number;
  /** What was superseded within this time, so that the store can be read as of every moment in it. */
  readonly for?: Duration;
  /** The older, the fewer: each version goes by the first rule that it is within; behind the last none is kept. */
  readonly thin?: readonly ThinRule[];
};

/** A retention that was checked. Times are milliseconds. */
export type RetentionRules = {
  readonly versions: number;
  /** Steps of rising times, of `for` and of `thin`: a version is kept where either says so. */
  readonly steps: readonly (readonly RetentionStep[])[];
};

export type RetentionStep = { readonly within: number; readonly keep: Thinning };

const thinnings: readonly unknown[] = [
  "all",
  "hourly",
  "daily",
  "weekly",
  "monthly",
  "yearly",
] satisfies Thinning[];
const isThinning = (value: unknown): value is Thinning => thinnings.includes(value);

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_component", message);

const checkNames = (where: string, value: unknown, names: readonly string[]): void => {
  if (!isObject(value)) throw invalid(`${where} is ${show(value)}. It takes an object: ${names.join(", ")}.`);
  const wrong = Object.keys(value).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  throw invalid(`${where} has no option ${show(wrong)}. It takes: ${names.join(", ")}.`);
};

const checkDuration = (where: string, value: unknown): number => {
  const milliseconds = parseDuration(value);
  if (milliseconds !== undefined) return milliseconds;
  throw invalid(`${where} is ${show(value)}. It must be ${durationForm}.`);
};

const checkThin = (where: string, rules: unknown): RetentionStep[] => {
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > limits.retentionRules) {
    throw invalid(`${where} must be an array of 1 to ${limits.retentionRules} rules: { within, keep }.`);
  }
  let before = 0;
  return rules.map((rule: unknown, index) => {
    const at = `${where}[${index}]`;
    checkNames(at, rule, ["within", "keep"]);
    const { within, keep } = isObject(rule) ? rule : {};
    if (!isThinning(keep)) {
      throw invalid(`${at}.keep is ${show(keep)}. It must be one of ${thinnings.join(", ")}.`);
    }
    const open = within === undefined && index === rules.length - 1;
    const milliseconds = open ? Number.POSITIVE_INFINITY : checkDuration(`${at}.within`, within);
    if (milliseconds <= before) throw invalid(`${at}.within must be longer than that of the rule before.`);
    before = milliseconds;
    return { within: milliseconds, keep };
  });
};

/** @throws ContextbaseError invalid_component, naming the option and the mend */
export const checkRetention = (
  name: string,
  retention: Retention | undefined,
): RetentionRules | undefined => {
  if (retention === undefined) return undefined;
  const where = `${name}.retention`;
  checkNames(where, retention, ["versions", "for", "thin"]);
  const { versions = 1, for: duration, thin } = retention;
  if (!(Number.isSafeInteger(versions) && versions >= 1)) {
    throw invalid(`${where}.versions is ${show(versions)}. It must be a whole number from 1.`);
  }
  if (retention.versions === undefined && duration === undefined && thin === undefined) {
    throw invalid(`${where} is empty. Leave it out to keep every version.`);
  }
  const whole: RetentionStep[] =
    duration === undefined ? [] : [{ within: checkDuration(`${where}.for`, duration), keep: "all" }];
  const thinned = thin === undefined ? [] : checkThin(`${where}.thin`, thin);
  return { versions, steps: [whole, thinned].filter((steps) => steps.length > 0) };
};
