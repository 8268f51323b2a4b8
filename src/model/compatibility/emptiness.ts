import { boundOf, largestOf, sides, smallestOf } from "./bounds.ts";
import type { Branch } from "./branches.ts";
import { leastItems, mostItems } from "./check-arrays.ts";
import { requiredOf } from "./dependent.ts";
import type { Nodes, SchemaNode } from "./node.ts";
import { mostProperties, propertyOf } from "./object-parts.ts";
import { typeBits, typeOfValue, typesOf } from "./types.ts";
import { valuesOf } from "./values.ts";

type IsEmpty = (nodes: readonly SchemaNode[]) => boolean;

const noNumber = (branch: Branch, isWhole: boolean): boolean => {
  const least = boundOf(branch, sides.minimum, isWhole);
  const most = boundOf(branch, sides.maximum, isWhole);
  if (least.value > most.value) return true;
  return least.value === most.value && (least.exclusive || most.exclusive);
};

const noObject = (nodes: Nodes, branch: Branch, isEmpty: IsEmpty): boolean => {
  const required = requiredOf(branch);
  const least = Math.max(required.size, largestOf(branch, "minProperties", 0));
  if ([...required].some((name) => isEmpty(propertyOf(nodes, branch, name)))) return true;
  return least > 0 && least > mostProperties(nodes, branch, isEmpty);
};

/** The types of which values can be for which a branch holds: those that certainly have none are left out. */
export const possibleTypesOf = (nodes: Nodes, branch: Branch, isEmpty: IsEmpty): number => {
  const types = typesOf(branch);
  const values = valuesOf(branch);
  const listed = values ? values.reduce((all: number, value) => all | typeOfValue(value), 0) : types;
  const impossible: readonly (readonly [bit: number, isImpossible: () => boolean])[] = [
    [typeBits.integer, () => noNumber(branch, true)],
    [typeBits.fraction, () => noNumber(branch, false)],
    [
      typeBits.string,
      () => largestOf(branch, "minLength", 0) > smallestOf(branch, "maxLength", Number.POSITIVE_INFINITY),
    ],
    [typeBits.array, () => leastItems(branch) > mostItems(branch, isEmpty)],
    [typeBits.object, () => noObject(nodes, branch, isEmpty)],
  ];
  return impossible.reduce(
    (left, [bit, isImpossible]) => ((left & bit) !== 0 && isImpossible() ? left & ~bit : left),
    types & listed,
  );
};
