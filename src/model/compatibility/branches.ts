import { limits } from "../../base/limits.ts";
import { dependentNodes, requiredOf } from "./dependent.ts";
import type { Nodes, SchemaNode } from "./node.ts";
import { typeBits, typesOf } from "./types.ts";

/**
 * Schemas that all hold at once, each for its own keywords: what they lead to by `$ref`, `allOf`, one alternative of
 * each `anyOf` or `oneOf`, and one side of each `if`, stands beside them.
 */
export type Branch = readonly SchemaNode[];

/** There would be more branches than anybody can look at. */
export class TooComplex extends Error {}

const join = (branches: readonly Branch[], others: readonly Branch[]): Branch[] => {
  if (branches.length * others.length > limits.compatibilityBranches) throw new TooComplex();
  const joined = branches.flatMap((branch) => others.map((other) => [...new Set([...branch, ...other])]));
  return joined.filter((branch) => typesOf(branch) !== 0);
};

const isIn = (branches: readonly Branch[], node: SchemaNode): boolean =>
  branches.every((branch) => branch.includes(node));

/** @param seen what is being expanded: a schema that leads to itself adds nothing */
const expand = (nodes: Nodes, node: SchemaNode, seen: readonly SchemaNode[]): Branch[] => {
  if (seen.includes(node)) return [[]];
  const within = [...seen, node];
  const all = (some: readonly SchemaNode[]): Branch[] =>
    some.reduce((branches: Branch[], one) => join(branches, expand(nodes, one, within)), [[]]);
  const any = (some: readonly SchemaNode[]): Branch[] => some.flatMap((one) => expand(nodes, one, within));
  let branches: Branch[] = [[node]];
  const { target, keywords } = node;
  branches = join(branches, all([...(target ? [target] : []), ...node.list("allOf")]));
  // Of a oneOf it is left out that no other alternative may hold: the branches take more than the schema then.
  for (const keyword of ["anyOf", "oneOf"]) {
    if (keywords[keyword] !== undefined) branches = join(branches, any(node.list(keyword)));
  }
  const condition = node.one("if");
  if (!condition) return branches;
  const sides = [
    [condition, node.one("then")],
    [nodes.not(condition), node.one("else")],
  ].map((side) => all(side.filter((one) => one !== undefined)));
  return join(branches, sides.flat());
};

/** Schemas that hold because of a property that is required. */
const dueTo = (branch: Branch): SchemaNode | undefined => {
  const required = requiredOf(branch);
  const due = branch
    .flatMap(dependentNodes)
    .find(([name, schema]) => required.has(name) && !branch.includes(schema));
  return due?.[1];
};

const withDependents = (nodes: Nodes, branch: Branch): Branch[] => {
  const due = dueTo(branch);
  if (!due || typesOf(branch) !== typeBits.object) return [branch];
  return join([branch], expand(nodes, due, [])).flatMap((one) => withDependents(nodes, one));
};

/**
 * The ways in which all of these schemas can hold; together they take what the schemas take, or more.
 * @throws TooComplex
 */
export const extend = (nodes: Nodes, branch: Branch, others: readonly SchemaNode[]): Branch[] => {
  const found = others.reduce(
    (branches: Branch[], node) => (isIn(branches, node) ? branches : join(branches, expand(nodes, node, []))),
    [branch],
  );
  const whole = found.flatMap((one) => withDependents(nodes, one));
  if (whole.length > limits.compatibilityBranches) throw new TooComplex();
  return whole;
};
