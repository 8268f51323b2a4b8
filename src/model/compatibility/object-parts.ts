import { accepts } from "./accepts.ts";
import { smallestOf } from "./bounds.ts";
import type { Branch } from "./branches.ts";
import { requiredOf } from "./dependent.ts";
import type { Nodes, SchemaNode } from "./node.ts";
import { matches } from "./pattern.ts";
import { additionalOf } from "./scope.ts";
import { isNever } from "./types.ts";
import { valuesOf } from "./values.ts";

const ofName = (nodes: Nodes, node: SchemaNode, name: string): readonly SchemaNode[] => {
  const own = node.map("properties").get(name);
  const found = own ? [own] : [];
  const unclear: SchemaNode[] = [];
  for (const [pattern, schema] of node.map("patternProperties")) {
    const match = matches(pattern, name);
    if (match === true) found.push(schema);
    else if (match === undefined) unclear.push(schema);
  }
  if (found.length > 0) return found;
  const additional = additionalOf(node);
  return additional ? [nodes.either([...unclear, additional])] : [];
};

/** What holds for a property of this name, where there is one; more than that may hold. */
export const propertyOf = (nodes: Nodes, branch: Branch, name: string): readonly SchemaNode[] => {
  const refused = branch.some((node) => {
    const names = node.one("propertyNames");
    return names && accepts(names, name) === false;
  });
  if (refused) return [nodes.make({ not: {} })];
  return [...new Set(branch.flatMap((node) => ofName(nodes, node, name)))];
};

/** The names that a branch says are all that properties may have; undefined where it does not. */
const allNames = (branch: Branch): readonly string[] | undefined => {
  const listed = branch.flatMap((node) => node.one("propertyNames") ?? []);
  const values = listed.length === 0 ? undefined : valuesOf(listed);
  return values?.filter((value) => typeof value === "string");
};

/** The names that a branch says something of. */
export const namesOf = (branch: Branch): ReadonlySet<string> =>
  new Set([
    ...branch.flatMap((node) => [...node.map("properties").keys()]),
    ...requiredOf(branch),
    ...(allNames(branch) ?? []),
  ]);

/**
 * What holds for properties that nobody names.
 * @param apart patterns that they do not match
 */
export const othersOf = (nodes: Nodes, branch: Branch, apart: ReadonlySet<string>): readonly SchemaNode[] => {
  if (allNames(branch)) return [nodes.make({ not: {} })];
  const found = branch.flatMap((node) => {
    const additional = additionalOf(node);
    if (!additional) return [];
    const patterns = [...node.map("patternProperties")].filter(([pattern]) => !apart.has(pattern));
    return [nodes.either([...patterns.map(([, schema]) => schema), additional])];
  });
  return [...new Set(found)];
};

/** What holds for properties that nobody names, and that match this pattern. */
export const matchingOf = (nodes: Nodes, branch: Branch, pattern: string): readonly SchemaNode[] => {
  if (allNames(branch)) return [nodes.make({ not: {} })];
  const found = branch.flatMap((node) => {
    const patterns = node.map("patternProperties");
    const own = patterns.get(pattern);
    const additional = additionalOf(node);
    if (own) return [own];
    return additional ? [nodes.either([...patterns.values(), additional])] : [];
  });
  return [...new Set(found)];
};

const isClosed = (node: SchemaNode): boolean => {
  const additional = additionalOf(node);
  return additional !== undefined && isNever(additional) && node.map("patternProperties").size === 0;
};

/** The names that properties can have, where they are all known. */
export const possibleNames = (
  nodes: Nodes,
  branch: Branch,
  isEmpty: (nodes: readonly SchemaNode[]) => boolean,
): readonly string[] | undefined => {
  if (!branch.some(isClosed) && !allNames(branch)) return undefined;
  return [...namesOf(branch)].filter((name) => !isEmpty(propertyOf(nodes, branch, name)));
};

/** How many properties an object has at the most. */
export const mostProperties = (
  nodes: Nodes,
  branch: Branch,
  isEmpty: (nodes: readonly SchemaNode[]) => boolean,
): number => {
  const named = possibleNames(nodes, branch, isEmpty)?.length ?? Number.POSITIVE_INFINITY;
  return smallestOf(branch, "maxProperties", named);
};
