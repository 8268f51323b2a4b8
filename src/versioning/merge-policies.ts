import { canonicalJson } from "../base/canonical-json.ts";
import { compareText } from "../base/compare-text.ts";
import { cloneJson, type Json, toJsonObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { sameJson } from "../base/same-json.ts";
import type { MergeConflict, MergePolicy, MergePolicyName, MergeSides } from "../model/merging.ts";

/** What is to stand, in an object of its own since that may be nothing; undefined where a policy cannot tell. */
export type Settled = { readonly value: Json | undefined } | undefined;

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Two that can be ordered: numbers, or texts. */
const compare = ({ yours, theirs }: MergeSides): number | undefined => {
  if (typeof yours === "number" && typeof theirs === "number") return yours - theirs;
  return typeof yours === "string" && typeof theirs === "string" ? compareText(yours, theirs) : undefined;
};

const pick = (sides: MergeSides, sign: 1 | -1): Settled => {
  const order = compare(sides);
  return order === undefined ? undefined : { value: order * sign > 0 ? sides.yours : sides.theirs };
};

/**
 * Whole numbers are exact up to 2⁵³, and what would pass it is left to be settled. Others are added as IEEE 754
 * doubles, so that the last digits may be those of 0.1 + 0.2.
 */
const sum = ({ base = 0, yours, theirs }: MergeSides): Settled => {
  if (typeof base !== "number" || typeof yours !== "number" || typeof theirs !== "number") return undefined;
  const value = base + (yours - base + (theirs - base));
  const exact = ![base, yours, theirs].every(Number.isSafeInteger) || Number.isSafeInteger(value);
  return exact && Number.isFinite(value) ? { value } : undefined;
};

/** In their order, then what you added in yours; each element once. */
const union = ({ base = [], yours, theirs }: MergeSides): Settled => {
  if (!isArray(base) || !isArray(yours) || !isArray(theirs)) return undefined;
  const [before, own, others] = [base, yours, theirs].map((set) => new Set(set.map(canonicalJson)));
  const merged = new Map<string, Json>();
  for (const item of [...theirs, ...yours]) {
    const name = canonicalJson(item);
    const removed = before?.has(name) && !(own?.has(name) && others?.has(name));
    if (!removed && !merged.has(name)) merged.set(name, item);
  }
  return { value: [...merged.values()] };
};

const append = ({ base = [], yours, theirs }: MergeSides): Settled => {
  if (!isArray(base) || !isArray(yours) || !isArray(theirs)) return undefined;
  const begins = (log: readonly Json[]): boolean => base.every((item, at) => sameJson(item, log[at]));
  if (!begins(yours) || !begins(theirs)) return undefined;
  return { value: [...theirs, ...yours.slice(base.length)] };
};

const named: { readonly [Name in MergePolicyName]: (sides: MergeSides) => Settled } = {
  "last-writer": ({ yours }) => ({ value: yours }),
  max: (sides) => pick(sides, 1),
  min: (sides) => pick(sides, -1),
  sum,
  union,
  append,
};

/** What a function gives must be JSON, which is looked at here, where its path is known. */
const ask = (decide: Exclude<MergePolicy, string>, { base, yours, theirs, path }: MergeConflict): Settled => {
  const copy = (value: Json | undefined) => (value === undefined ? undefined : cloneJson(value));
  const value = decide({ base: copy(base), yours: copy(yours), theirs: copy(theirs), path });
  return { value: toJsonObject({ [path]: value }, "merge", limits.contentBytes)[path] };
};

/**
 * Whether the same edit on both sides is two edits: two who count one up, or who append the same line. What it is to
 * a function, only that knows.
 */
export const countsTwice = (policy: MergePolicy | undefined): boolean =>
  typeof policy === "function" || policy === "sum" || policy === "append";

/** What a policy makes of what both sides changed. @throws InvalidContextError where a function gives no JSON */
export const settle = (policy: MergePolicy, sides: MergeConflict): Settled =>
  typeof policy === "function" ? ask(policy, sides) : named[policy](sides);
