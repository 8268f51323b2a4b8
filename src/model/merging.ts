import { ContextbaseError } from "../base/errors.ts";
import { isObject, type Json } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { nearestName } from "../base/nearest.ts";
import { show } from "../base/show.ts";
import { isBodyPath, parsePath } from "./path.ts";

/** What stands at one path of the three; undefined where nothing does. */
export type MergeSides = {
  readonly base: Json | undefined;
  readonly yours: Json | undefined;
  readonly theirs: Json | undefined;
};

/** What both sides changed at one path and no policy settles: undefined stands for nothing being there. */
export type MergeConflict = MergeSides & { readonly path: string };

/** Gives what is to stand at the path; undefined: nothing. It may be called again for the same, and gets copies. */
export type MergeFunction = (sides: MergeConflict) => Json | undefined;

/** The policies that have names. They are asked where both sides changed what stands at their path. */
export const mergePolicyNames = [
  /** Yours, which is the write that comes last. */
  "last-writer",
  /** The greater of two numbers, or of two texts by code point. */
  "max",
  "min",
  /** The base with the differences of both sides added. */
  "sum",
  /** Arrays as sets: with what either side added, without what either side removed. */
  "union",
  /** Arrays as logs: the base, then what they appended, then what you appended. */
  "append",
] as const;

export type MergePolicyName = (typeof mergePolicyNames)[number];
export type MergePolicy = MergePolicyName | MergeFunction;

/** By path; a dot within a name is written `\.`. */
export type MergePolicies = { readonly [path: string]: MergePolicy };

const isMergePolicy = (value: unknown): value is MergePolicy =>
  typeof value === "function" || mergePolicyNames.some((name) => name === value);

/** Why a value is no policy, and what would be one; undefined where it is one. */
export const mergePolicyProblem = (value: unknown): string | undefined => {
  if (isMergePolicy(value)) return undefined;
  const nearest = typeof value === "string" ? nearestName(value, mergePolicyNames) : undefined;
  const meant = nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
  return `is ${show(value)}.${meant} A policy is one of ${mergePolicyNames.join(", ")}, or a function`;
};

/**
 * The merge policies of a component, as data.
 * @throws ContextbaseError invalid_component
 */
export const checkMerging = (name: string, merge: unknown): { readonly [path: string]: string } => {
  const invalid = (message: string, cause?: unknown): ContextbaseError =>
    new ContextbaseError("invalid_component", `${name}.merge ${message}`, { cause });
  if (!isObject(merge)) throw invalid('must be an object of policies by path: { "content.count": "sum" }.');
  const policies = Object.entries(merge);
  if (policies.length > limits.componentPaths) {
    throw invalid(`has ${policies.length} paths; ${limits.componentPaths} are the most.`);
  }
  for (const [path, policy] of policies) {
    if (!isBodyPathText(path, (cause) => invalid(`names no path: ${cause.message}`, cause))) {
      throw invalid(`names ${JSON.stringify(path)}. Only what stands in content or metadata has a policy.`);
    }
    const problem = mergePolicyProblem(policy);
    if (problem !== undefined) throw invalid(`[${JSON.stringify(path)}] ${problem}.`);
  }
  return Object.fromEntries(
    policies.map(([path, policy]) => [path, typeof policy === "function" ? "function" : String(policy)]),
  );
};

const isBodyPathText = (path: string, failure: (cause: ContextbaseError) => ContextbaseError): boolean => {
  try {
    return isBodyPath(parsePath(path));
  } catch (cause) {
    throw cause instanceof ContextbaseError ? failure(cause) : cause;
  }
};
