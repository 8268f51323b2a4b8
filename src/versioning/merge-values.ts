import { cloneJson, isObject, type Json, type JsonObject } from "../base/json.ts";
import { sameJson } from "../base/same-json.ts";
import type { MergeConflict, MergePolicies, MergeSides } from "../model/merging.ts";
import { escapeName } from "../model/path.ts";
import { countsTwice, settle } from "./merge-policies.ts";
import { type PolicyTree, toPolicyTree } from "./merge-tree.ts";

export type MergeResult = {
  /** What was merged; what conflicts stands in it as they have it. Undefined where nothing is to be there. */
  readonly value: Json | undefined;
  /** In the order in which their fields stand. The path of the value as a whole is "". */
  readonly conflicts: readonly MergeConflict[];
};

export type Merge = (
  base: Json | undefined,
  yours: Json | undefined,
  theirs: Json | undefined,
) => MergeResult;

/** What one merge goes by and gathers. */
type Merging = { readonly conflicts: MergeConflict[]; readonly trail: string[] };

/**
 * Merges what two sides made of one JSON value, three-way. Fields of objects are merged one by one: what one side
 * alone changed is taken, and the same change on both sides is one. Arrays are values as a whole: a position names no
 * element once something is put in before it, so that elements merged by position could mix two of them. What both
 * changed otherwise is settled by the policy of its path; without one, and where it cannot, it is a conflict. A
 * policy of an object settles the object as a whole; policies of paths below it still settle theirs.
 * @param base undefined where the two were made apart: then objects merge as if they came from an empty one
 * @param policies by path within the values, such as `content.count`
 * @returns new values, which share nothing with what was given
 * @throws ContextbaseError invalid_argument for what is no policy; InvalidContextError where a function gives no JSON
 */
export const mergeValues = (
  base: Json | undefined,
  yours: Json | undefined,
  theirs: Json | undefined,
  policies: MergePolicies = {},
): MergeResult => createMerge(policies)(base, yours, theirs);

/** The same for many values of the same policies. */
export const createMerge = (policies: MergePolicies): Merge => {
  const tree = toPolicyTree(policies);
  return (base, yours, theirs) => {
    const conflicts: MergeConflict[] = [];
    const value = mergeAt({ base, yours, theirs }, tree, { conflicts, trail: [] });
    return { value, conflicts };
  };
};

const copyOf = (value: Json | undefined): Json | undefined =>
  value === undefined ? undefined : cloneJson(value);

const objectOf = (value: Json | undefined): JsonObject | undefined =>
  isObject(value) ? (value as JsonObject) : undefined;

const fieldOf = (value: Json | undefined, name: string): Json | undefined => {
  const object = objectOf(value);
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
};

const sidesBelow = ({ base, yours, theirs }: MergeSides, name: string): MergeSides => ({
  base: fieldOf(base, name),
  yours: fieldOf(yours, name),
  theirs: fieldOf(theirs, name),
});

const mergeAt = (sides: MergeSides, tree: PolicyTree | undefined, merging: Merging): Json | undefined => {
  const { base, yours, theirs } = sides;
  const both = objectOf(yours) && objectOf(theirs) && (base === undefined || objectOf(base));
  if (both && tree?.policy === undefined) return mergeFields(sides, tree, merging);
  if (sameJson(base, yours)) return copyOf(theirs);
  if (sameJson(base, theirs)) return copyOf(yours);
  return mergeChanged(sides, tree, merging);
};

/** Their fields in their order, then yours that are new. */
const mergeFields = (sides: MergeSides, tree: PolicyTree | undefined, merging: Merging): Json => {
  const names = new Set([...Object.keys(sides.theirs ?? {}), ...Object.keys(sides.yours ?? {})]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = mergeBelow(sides, name, tree?.below.get(name), merging);
      return value === undefined ? [] : [[name, value]];
    }),
  );
};

const mergeBelow = (
  sides: MergeSides,
  name: string,
  tree: PolicyTree | undefined,
  merging: Merging,
): Json | undefined => {
  merging.trail.push(name);
  const value = mergeAt(sidesBelow(sides, name), tree, merging);
  merging.trail.pop();
  return value;
};

/** What both sides changed, as a whole. */
const mergeChanged = (
  sides: MergeSides,
  tree: PolicyTree | undefined,
  merging: Merging,
): Json | undefined => {
  const { base, yours, theirs } = sides;
  const policy = tree?.policy;
  const path = merging.trail.map(escapeName).join(".");
  const agreed = sameJson(yours, theirs) ? { value: theirs } : undefined;
  const settled =
    agreed && !countsTwice(policy) ? agreed : ((policy && settle(policy, { ...sides, path })) ?? agreed);
  if (settled) return refine(copyOf(settled.value), sides, tree, merging);
  merging.conflicts.push({ path, base: copyOf(base), yours: copyOf(yours), theirs: copyOf(theirs) });
  return copyOf(theirs);
};

/** Below what was settled as a whole, the paths with policies of their own. */
const refine = (
  value: Json | undefined,
  sides: MergeSides,
  tree: PolicyTree | undefined,
  merging: Merging,
): Json | undefined => {
  const object = objectOf(value);
  if (!object || !tree || tree.below.size === 0) return value;
  const fields = new Map(Object.entries(object));
  for (const [name, below] of tree.below) {
    const merged =
      below.policy === undefined
        ? refineBelow(object, name, sides, below, merging)
        : mergeBelow(sides, name, below, merging);
    if (merged === undefined) fields.delete(name);
    else fields.set(name, merged);
  }
  return Object.fromEntries(fields);
};

const refineBelow = (
  object: JsonObject,
  name: string,
  sides: MergeSides,
  tree: PolicyTree,
  merging: Merging,
): Json | undefined => {
  merging.trail.push(name);
  const value = refine(fieldOf(object, name), sidesBelow(sides, name), tree, merging);
  merging.trail.pop();
  return value;
};
