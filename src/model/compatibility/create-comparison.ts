import { limits } from "../../base/limits.ts";
import { type Branch, extend, TooComplex } from "./branches.ts";
import { checkArrays } from "./check-arrays.ts";
import { checkCombined } from "./check-combined.ts";
import { checkObjects } from "./check-objects.ts";
import { checkNumbers, checkStrings } from "./check-scalars.ts";
import { checkListed, checkValues } from "./check-values.ts";
import type { Comparison } from "./comparison.ts";
import { type Found, once } from "./difference.ts";
import { possibleTypesOf } from "./emptiness.ts";
import type { Nodes, SchemaNode } from "./node.ts";
import { declaredTypes, isNever, namesOfTypes } from "./types.ts";

const checks = [checkNumbers, checkStrings, checkArrays, checkObjects, checkCombined];

const unprovable = (why: string): readonly Found[] => [{ steps: "", kind: "unprovable", message: why }];

const keyOf = (nodes: readonly SchemaNode[]): string =>
  [...new Set(nodes.map(({ id }) => id))].sort((one, other) => one - other).join(" ");

/**
 * Compares schemas as sets of values, keyword by keyword, in the manner of Habib, Shinnar, Hirzel and Pradel, "Finding
 * Data Compatibility Bugs with JSON Subschema Checks", ISSTA 2021. That everything fits is said only where it is
 * proved. A pair of schemas that comes back within itself, at a smaller value, is taken to fit: by induction over the
 * size of values.
 */
export const createComparison = (nodes: Nodes, from: string, to: string): Comparison => {
  const results = new Map<string, readonly Found[]>();
  const empties = new Map<string, boolean | "asked">();
  /** What is being proved, with how deep within the value it stands. */
  const open = new Map<string, { readonly index: number; readonly depth: number }>();
  let depth = 0;
  let steps = 0;
  /** The outermost of what is open that was relied upon since this was set. */
  let reliedUpon = Number.POSITIVE_INFINITY;

  const ways: Comparison["extend"] = (branch, others) => {
    try {
      return extend(nodes, branch, others);
    } catch (cause) {
      if (cause instanceof TooComplex) return undefined;
      throw cause;
    }
  };

  const within = <Result>(work: () => Result): Result => {
    depth++;
    try {
      return work();
    } finally {
      depth--;
    }
  };

  const isEmpty: Comparison["isEmpty"] = (some) => {
    if (some.length === 0) return false;
    const key = keyOf(some);
    const known = empties.get(key);
    if (known !== undefined) return known === true;
    empties.set(key, "asked");
    const before = reliedUpon;
    reliedUpon = Number.POSITIVE_INFINITY;
    const empty = within(() => ways([], some)?.every(isNothing) ?? false);
    if (empty && reliedUpon !== Number.POSITIVE_INFINITY) empties.delete(key);
    else empties.set(key, empty);
    reliedUpon = Math.min(before, reliedUpon);
    return empty;
  };

  const possibleTypes: Comparison["possibleTypes"] = (branch) => possibleTypesOf(nodes, branch, isEmpty);

  const isNothing: Comparison["isNothing"] = (branch) => {
    if (possibleTypes(branch) === 0) return true;
    return branch.some((node) => {
      const refused = node.one("not");
      return refused !== undefined && fits(branch, refused).length === 0;
    });
  };

  const compare = (branch: Branch, node: SchemaNode): readonly Found[] => {
    if (isNothing(branch)) return [];
    if (isNever(node))
      return [{ steps: "", kind: "never", message: `${from} takes values, ${to} none at all` }];
    const types = possibleTypes(branch);
    const declared = declaredTypes(node);
    const found: Found[] = [];
    if ((types & ~declared) !== 0) {
      const told = [types, declared].map((one) => namesOfTypes(one).join(", "));
      found.push({ steps: "", kind: "type", message: `${from} takes ${told[0]}, ${to} only ${told[1]}` });
    }
    const left = types & declared;
    if (left === 0) return found;
    const values = checkValues(branch, node, left, comparison);
    if (values) return [...found, ...values];
    found.push(...checkListed(branch, node, comparison));
    return once([...found, ...checks.flatMap((check) => check(branch, node, left, comparison))]);
  };

  const fits: Comparison["fits"] = (branch, node) => {
    if (branch.some(({ shape }) => shape === node.shape)) return [];
    const key = `${keyOf(branch)} in ${node.id}`;
    const known = results.get(key);
    if (known) return known;
    const asked = open.get(key);
    if (asked && asked.depth === depth) return unprovable(`${to} leads to itself`);
    if (asked) {
      reliedUpon = Math.min(reliedUpon, asked.index);
      return [];
    }
    if (++steps > limits.compatibilitySteps || open.size >= limits.compatibilityDepth) {
      return unprovable("the schemas are too large to be compared");
    }
    const index = open.size;
    const before = reliedUpon;
    reliedUpon = Number.POSITIVE_INFINITY;
    open.set(key, { index, depth });
    const found = compare(branch, node);
    open.delete(key);
    if (found.length > 0 || reliedUpon >= index) results.set(key, found);
    reliedUpon = Math.min(before, reliedUpon < index ? reliedUpon : Number.POSITIVE_INFINITY);
    return found;
  };

  const fitsWithin: Comparison["fitsWithin"] = (some, node) => {
    if (some.some(({ shape }) => shape === node.shape)) return [];
    const branches = ways([], some);
    if (!branches) return unprovable(`${from} has too many alternatives`);
    return within(() => once(branches.flatMap((branch) => fits(branch, node))));
  };

  const comparison = { nodes, from, to, fits, fitsWithin, extend: ways, isEmpty, isNothing, possibleTypes };
  return comparison;
};
