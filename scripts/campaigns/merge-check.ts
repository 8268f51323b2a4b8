import { canonicalJson } from "../../src/base/canonical-json.ts";
import { isObject, type Json } from "../../src/base/json.ts";
import { sameJson } from "../../src/base/same-json.ts";
import type { MergePolicies } from "../../src/model/merging.ts";
import { splitPath } from "../../src/model/path.ts";
import { type MergeResult, mergeValues } from "../../src/versioning/merge-values.ts";
import { randomDisjoint, randomPolicies, randomTriple, type Triple } from "./merge-cases.ts";
import type { Random } from "./random.ts";

const below = (value: Json | undefined, steps: readonly string[]): Json | undefined =>
  steps.reduce<Json | undefined>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? (at[name] as Json) : undefined),
    value,
  );

type Edit = { readonly steps: readonly string[]; readonly value: Json | undefined };

/** What a side changed, as the smallest fields that differ. */
const editsOf = (base: Json | undefined, side: Json | undefined, steps: readonly string[] = []): Edit[] => {
  if (sameJson(base, side)) return [];
  const apart = base === undefined && isObject(side) && Object.keys(side).length > 0;
  if (isObject(side) && (isObject(base) || apart)) {
    const all = new Set([...Object.keys(isObject(base) ? base : {}), ...Object.keys(side)]);
    return [...all].flatMap((name) => editsOf(below(base, [name]), below(side, [name]), [...steps, name]));
  }
  return [{ steps, value: side }];
};

const begins = (steps: readonly string[], with_: readonly string[]): boolean =>
  with_.every((name, at) => steps[at] === name);

/** Of the paths, whether one leads to the edit, or to what lies around or within it. */
const isAt = ({ steps }: Edit, paths: readonly string[]): boolean =>
  paths.some((path) => {
    const other = path === "" ? [] : splitPath(path);
    return begins(steps, other) || begins(other, steps);
  });

const isKept = ({ steps, value }: Edit, result: Json | undefined): boolean => {
  const found = below(result, steps);
  return sameJson(found, value) || (isObject(value) && Object.keys(value).length === 0 && isObject(found));
};

const freeze = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
};

const partsOf = (value: unknown): object[] =>
  typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(partsOf)] : [];

const shares = ({ base, yours, theirs }: Triple, result: MergeResult): boolean => {
  const given = new Set(partsOf([base, yours, theirs]).slice(1));
  return partsOf([result.value, ...result.conflicts]).some((part) => given.has(part));
};

/** Arrays under `union` are sets: their order says nothing. */
const asSets = (value: Json | undefined, policies: MergePolicies): string => {
  const sorted = structuredClone(value) as Json | undefined;
  for (const [path, policy] of Object.entries(policies)) {
    const found = below(sorted, splitPath(path));
    if (policy === "union" && Array.isArray(found)) {
      found.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
      const once = found.filter((item, at) => at === 0 || !sameJson(item, found[at - 1]));
      found.splice(0, found.length, ...once);
    }
  }
  return canonicalJson(sorted);
};

const checkOneSided = ({ base, yours, theirs }: Triple, policies: MergePolicies): string | undefined => {
  const left = mergeValues(base, yours, base, policies);
  if (left.conflicts.length > 0 || !sameJson(left.value, yours)) return "merge(base, a, base) is not a";
  const right = mergeValues(base, base, theirs, policies);
  return right.conflicts.length > 0 || !sameJson(right.value, theirs)
    ? "merge(base, base, b) is not b"
    : undefined;
};

const checkNothingLost = (triple: Triple): string | undefined => {
  const { value, conflicts } = mergeValues(triple.base, triple.yours, triple.theirs);
  const listed = conflicts.map(({ path }) => path);
  for (const side of ["yours", "theirs"] as const) {
    const lost = editsOf(triple.base, triple[side]).find((one) => !isKept(one, value) && !isAt(one, listed));
    if (lost) return `${side} lost ${JSON.stringify(lost)}`;
  }
  for (const { path, ...sides } of conflicts) {
    const at = path === "" ? [] : splitPath(path);
    for (const side of ["base", "yours", "theirs"] as const)
      if (!sameJson(sides[side], below(triple[side], at)))
        return `the conflict at ${path} tells another ${side}`;
    if (!sameJson(below(value, at), sides.theirs)) return `the value at ${path} is not theirs`;
    if (sameJson(sides.yours, sides.theirs)) return `both agree at ${path}`;
  }
  return undefined;
};

const checkSymmetry = ({ base, yours, theirs }: Triple, policies: MergePolicies): string | undefined => {
  const [one, other] = [
    mergeValues(base, yours, theirs, policies),
    mergeValues(base, theirs, yours, policies),
  ];
  const paths = [one, other].map(({ conflicts }) => conflicts.map(({ path }) => path).sort());
  if (!sameJson(paths[0], paths[1])) return "swapped sides conflict elsewhere";
  if (one.conflicts.length > 0) return undefined;
  return asSets(one.value, policies) === asSets(other.value, policies)
    ? undefined
    : "swapped sides merge otherwise";
};

/** What a policy promises of the values at its path, told without the code that does it. */
const checkPolicies = (triple: Triple, policies: MergePolicies): string | undefined => {
  const { value, conflicts } = mergeValues(triple.base, triple.yours, triple.theirs, policies);
  for (const [path, policy] of Object.entries(policies)) {
    const steps = splitPath(path);
    if (
      isAt(
        { steps, value: undefined },
        conflicts.map((conflict) => conflict.path),
      )
    )
      continue;
    if (Object.keys(policies).some((other) => other !== path && begins(steps, splitPath(other)))) continue;
    const [base, yours, theirs, merged] = [triple.base, triple.yours, triple.theirs, value].map((one) =>
      below(one, steps),
    );
    if (sameJson(base, yours) || sameJson(base, theirs)) continue;
    const from = base ?? 0;
    if (policy === "sum" && [from, yours, theirs].every((one) => typeof one === "number")) {
      const [start, own, other] = [Number(from), Number(yours), Number(theirs)];
      const unit = Math.max(1, ...[start, own, other].map(Math.abs)) * 1e-12;
      const near = typeof merged === "number" && Math.abs(merged - (own + other - start)) < unit;
      if (!near) return `${path} is ${merged}, no sum`;
    }
    if (
      policy === "max" &&
      typeof yours === "number" &&
      typeof theirs === "number" &&
      merged !== Math.max(yours, theirs)
    )
      return `${path} is no maximum`;
    if (policy === "union" && Array.isArray(yours) && Array.isArray(theirs)) {
      const has = (set: unknown, item: unknown) =>
        Array.isArray(set) && set.some((one) => sameJson(one, item as Json));
      const wanted = [...yours, ...theirs].filter(
        (item) => !has(base, item) || (has(yours, item) && has(theirs, item)),
      );
      const [lost, kept] = [
        wanted.some((item) => !has(merged, item)),
        Array.isArray(merged) && merged.some((item) => !has(wanted, item)),
      ];
      if (lost || kept) return `${path} is no union`;
    }
    if (policy === "append" && Array.isArray(yours) && Array.isArray(theirs) && Array.isArray(merged)) {
      const length = yours.length + theirs.length - (Array.isArray(base) ? base.length : 0);
      if (!sameJson(yours, theirs) && merged.length !== length) return `${path} lost lines`;
    }
  }
  return undefined;
};

const checkDisjoint = (random: Random): string | undefined => {
  const { base, yours, theirs, both } = randomDisjoint(random);
  const { value, conflicts } = mergeValues(base, yours, theirs);
  if (conflicts.length > 0) return `disjoint edits conflict at ${conflicts[0]?.path}`;
  return sameJson(value, both) ? undefined : "disjoint edits are not all there";
};

/** Makes a triple and policies, and looks at all that must hold of them. @returns what does not; else undefined */
export const checkMerge = (random: Random): string | undefined => {
  const triple = randomTriple(random);
  freeze(triple);
  const [symmetric, all] = [randomPolicies(random, false), randomPolicies(random, true)];
  const problem =
    checkOneSided(triple, all) ??
    checkNothingLost(triple) ??
    checkSymmetry(triple, symmetric) ??
    checkPolicies(triple, all) ??
    (shares(triple, mergeValues(triple.base, triple.yours, triple.theirs, all))
      ? "the result shares parts"
      : undefined) ??
    checkDisjoint(random);
  return problem && `${problem}: ${JSON.stringify({ ...triple, symmetric, all })}`;
};
