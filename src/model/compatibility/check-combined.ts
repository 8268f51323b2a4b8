import { limits } from "../../base/limits.ts";
import { showName } from "../../base/show.ts";
import type { Branch } from "./branches.ts";
import type { Check } from "./check-scalars.ts";
import type { Comparison } from "./comparison.ts";
import { requiredOf } from "./dependent.ts";
import { type Found, once } from "./difference.ts";
import type { SchemaNode } from "./node.ts";
import { propertyOf } from "./object-parts.ts";
import { partsOf } from "./parts.ts";
import { isOpaque } from "./scope.ts";
import { namesOfTypes, typeBits } from "./types.ts";
import { valuesOf } from "./values.ts";

const unprovable = (message: string): Found => ({ steps: "", kind: "unprovable", message });

/** Whether it is known that nothing is valid under a branch and a schema at once. */
const excludes = (branch: Branch, node: SchemaNode, { extend, isNothing }: Comparison): boolean =>
  extend(branch, [node])?.every(isNothing) ?? false;

/** Alternatives of which one at least, or exactly one, is to take a value. */
type Choice = { readonly kind: "anyOf" | "oneOf"; readonly alternatives: readonly SchemaNode[] };

/** The constant that a property certainly is, as text; "" where there is none. */
const constantOf = (branch: Branch, name: string, { nodes, extend }: Comparison): string => {
  const [way, ...others] = extend([], propertyOf(nodes, branch, name)) ?? [];
  const values = way && others.length === 0 ? valuesOf(way) : undefined;
  return values?.length === 1 ? `${showName(name)} ${JSON.stringify(values[0])}` : "";
};

/** An alternative as people know it: its types, and the constants that tell it apart. */
const tell = (branch: Branch, comparison: Comparison): string => {
  const types = comparison.possibleTypes(branch);
  const names = (types & typeBits.object) === 0 ? [] : [...requiredOf(branch)];
  const constants = names.map((name) => constantOf(branch, name, comparison)).filter(Boolean);
  return [...namesOfTypes(types), ...constants].join(", ");
};

const fitsChoice = (
  branch: Branch,
  choice: Choice,
  splits: number,
  comparison: Comparison,
): readonly Found[] => {
  const { fits, from, to, isNothing } = comparison;
  if (isNothing(branch)) return [];
  const { kind } = choice;
  const possible = choice.alternatives.filter((node) => !excludes(branch, node, comparison));
  const [only] = possible;
  if (!only) {
    const message = `${from} takes an alternative (${tell(branch, comparison)}) that ${to} has not`;
    return [{ steps: "", kind, message }];
  }
  if (possible.length === 1) return fits(branch, only);
  const found = possible.map((node) => fits(branch, node)).sort((one, other) => one.length - other.length);
  const [nearest = []] = found;
  if (kind === "anyOf" && nearest.length === 0) return [];
  const parts = splits < limits.compatibilitySplits ? partsOf(branch, possible, comparison) : [];
  if (parts.length > 0) {
    const left = { kind, alternatives: possible };
    return once(parts.flatMap((part) => fitsChoice(part, left, splits + 1, comparison)));
  }
  if (nearest.length > 0) return nearest;
  return [unprovable(`several alternatives of ${to} may take what ${from} takes, and exactly one is to`)];
};

const fitsNot = (branch: Branch, refused: SchemaNode, comparison: Comparison): readonly Found[] => {
  if (excludes(branch, refused, comparison)) return [];
  const alike = branch.flatMap((node) => node.one("not") ?? []);
  const isWithin = (other: SchemaNode): boolean =>
    comparison.extend([], [refused])?.every((way) => comparison.fits(way, other).length === 0) ?? false;
  if (alike.some(isWithin)) return [];
  const { from, to } = comparison;
  return [{ steps: "", kind: "not", message: `${to} refuses by "not" what ${from} may take` }];
};

/** Whether the branch, where these hold too, fits a schema. */
const fitsWith = (branch: Branch, others: readonly SchemaNode[], to: SchemaNode, comparison: Comparison) =>
  comparison.extend(branch, others)?.flatMap((one) => comparison.fits(one, to)) ?? [
    unprovable(`${comparison.from} has too many alternatives`),
  ];

export const checkCombined: Check = (branch, to, _, comparison) => {
  const { nodes, fits } = comparison;
  const found: Found[] = [];
  if (isOpaque(to)) {
    const what = "unevaluatedProperties, unevaluatedItems, $dynamicRef, or a reference out of it";
    found.push(unprovable(`${comparison.to} says by ${what} what nobody can compare`));
  }
  const { target } = to;
  for (const node of [...(target ? [target] : []), ...to.list("allOf")]) found.push(...fits(branch, node));
  for (const kind of ["anyOf", "oneOf"] as const) {
    if (to.keywords[kind] === undefined) continue;
    found.push(...fitsChoice(branch, { kind, alternatives: to.list(kind) }, 0, comparison));
  }
  const refused = to.one("not");
  if (refused) found.push(...fitsNot(branch, refused, comparison));
  const condition = to.one("if");
  const [then, otherwise] = [to.one("then"), to.one("else")];
  if (condition && then) found.push(...fitsWith(branch, [condition], then, comparison));
  if (condition && otherwise) found.push(...fitsWith(branch, [nodes.not(condition)], otherwise, comparison));
  return found;
};
