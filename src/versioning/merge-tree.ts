import { ContextbaseError } from "../base/errors.ts";
import type { MergePolicies, MergePolicy } from "../model/merging.ts";
import { mergePolicyProblem } from "../model/merging.ts";
import { splitPath } from "../model/path.ts";

/** The policies by the names that lead to them. */
export type PolicyTree = {
  readonly policy: MergePolicy | undefined;
  readonly below: ReadonlyMap<string, PolicyTree>;
};

type Growing = { policy: MergePolicy | undefined; readonly below: Map<string, Growing> };

const grow = (): Growing => ({ policy: undefined, below: new Map() });

/** @throws ContextbaseError invalid_argument where one is no policy, or stands at no path */
export const toPolicyTree = (policies: MergePolicies): PolicyTree => {
  const root = grow();
  for (const [path, policy] of Object.entries(policies)) {
    const problem = mergePolicyProblem(policy);
    if (problem !== undefined) {
      throw new ContextbaseError("invalid_argument", `The policy of ${JSON.stringify(path)} ${problem}.`);
    }
    let at = root;
    for (const name of splitPath(path)) {
      const next = at.below.get(name) ?? grow();
      at.below.set(name, next);
      at = next;
    }
    at.policy = policy;
  }
  return root;
};
