import { showName } from "../../base/show.ts";
import { accepts } from "./accepts.ts";
import { largestOf } from "./bounds.ts";
import type { Branch } from "./branches.ts";
import { type Check, checkSize } from "./check-scalars.ts";
import type { Comparison } from "./comparison.ts";
import { dependentNames, dependentNodes, requiredOf } from "./dependent.ts";
import { below, type Found, ofProperty } from "./difference.ts";
import type { SchemaNode } from "./node.ts";
import { matchingOf, mostProperties, namesOf, othersOf, possibleNames, propertyOf } from "./object-parts.ts";
import { additionalOf } from "./scope.ts";
import { isNever, typeBits } from "./types.ts";

const missing = (name: string, why: string): Found => ({
  steps: ofProperty(name),
  kind: "required",
  message: why,
});

const checkRequired = (branch: Branch, to: SchemaNode, comparison: Comparison): Found[] => {
  const had = requiredOf(branch);
  const { from, to: newer, nodes, isEmpty } = comparison;
  const wanted = [...requiredOf([to])].filter((name) => !had.has(name));
  const found = wanted.map((name) => missing(name, `${newer} requires it, ${from} does not`));
  for (const [name, others] of dependentNames(to)) {
    if (isEmpty(propertyOf(nodes, branch, name))) continue;
    const brought = requiredOf([...branch, nodes.make({ required: [name] })]);
    for (const other of others.filter((one) => !brought.has(one))) {
      found.push(missing(other, `${newer} requires it beside ${showName(name)}, ${from} does not`));
    }
  }
  return found;
};

const checkDependent = (
  branch: Branch,
  to: SchemaNode,
  { nodes, isEmpty, extend, fits, from }: Comparison,
): Found[] =>
  dependentNodes(to).flatMap(([name, schema]) => {
    if (isEmpty(propertyOf(nodes, branch, name))) return [];
    const with_ = extend(branch, [nodes.make({ type: "object", required: [name] })]);
    if (with_) return with_.flatMap((one) => fits(one, schema));
    return [{ steps: "", kind: "unprovable", message: `${from} has too many alternatives` } satisfies Found];
  });

const checkProperty = (
  branch: Branch,
  to: SchemaNode,
  name: string,
  comparison: Comparison,
): readonly Found[] => {
  const { nodes, isEmpty, fitsWithin, from } = comparison;
  const before = propertyOf(nodes, branch, name);
  if (isEmpty(before)) return [];
  const found = propertyOf(nodes, [to], name).flatMap((schema) => {
    if (!isNever(schema)) return fitsWithin(before, schema);
    const message = `${from} takes this property, ${comparison.to} no property of this name`;
    return [{ steps: "", kind: "additionalProperties", message } satisfies Found];
  });
  const isOpen = before.every(({ keywords }) => Object.keys(keywords).length === 0);
  if (found.length === 0 || !isOpen || !to.map("properties").has(name)) return found;
  const message = `${from} does not know this property and takes any value there, ${comparison.to} does not`;
  return [{ steps: "", kind: "property", message }];
};

const checkOthers = (branch: Branch, to: SchemaNode, comparison: Comparison): Found[] => {
  const { nodes, fitsWithin, isEmpty, from } = comparison;
  const patterns = to.map("patternProperties");
  const found = [...patterns].flatMap(([pattern, schema]) =>
    below(`./${pattern}/`, fitsWithin(matchingOf(nodes, branch, pattern), schema)),
  );
  const others = othersOf(nodes, branch, new Set(patterns.keys()));
  if (isEmpty(others)) return found;
  const additional = additionalOf(to);
  if (!additional) return found;
  if (!isNever(additional)) return [...found, ...below(".*", fitsWithin(others, additional))];
  const message = `${from} takes properties by other names, ${comparison.to} only those that it names`;
  return [...found, { steps: ".*", kind: "additionalProperties", message }];
};

const checkNames = (
  branch: Branch,
  to: SchemaNode,
  { nodes, isEmpty, ...comparison }: Comparison,
): Found[] => {
  const wanted = to.one("propertyNames");
  if (!wanted) return [];
  const named = possibleNames(nodes, branch, isEmpty);
  // By name they were compared already, and what is refused there was told.
  if (named?.every((name) => accepts(wanted, name) !== undefined)) return [];
  const names = [
    nodes.make({ type: "string" }),
    ...branch.flatMap((node) => node.one("propertyNames") ?? []),
  ];
  const found = comparison.fitsWithin(names, wanted);
  return found.map(({ message }) => ({
    steps: "",
    kind: "propertyNames",
    message: `of the names of properties, ${message}`,
  }));
};

export const checkObjects: Check = (branch, to, types, comparison) => {
  if ((types & typeBits.object) === 0) return [];
  const { nodes, isEmpty } = comparison;
  const least = Math.max(largestOf(branch, "minProperties", 0), requiredOf(branch).size);
  const sizes = [least, mostProperties(nodes, branch, isEmpty)] as const;
  const names = new Set([...namesOf(branch), ...namesOf([to])]);
  return [
    ...checkRequired(branch, to, comparison),
    ...[...names].flatMap((name) => below(ofProperty(name), checkProperty(branch, to, name, comparison))),
    ...checkOthers(branch, to, comparison),
    ...checkNames(branch, to, comparison),
    ...checkDependent(branch, to, comparison),
    ...checkSize(to, ["minProperties", "maxProperties"], sizes, comparison),
  ];
};
