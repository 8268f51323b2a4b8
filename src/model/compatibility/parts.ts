import type { Branch } from "./branches.ts";
import type { Comparison } from "./comparison.ts";
import { requiredOf } from "./dependent.ts";
import type { SchemaNode } from "./node.ts";
import { propertyOf } from "./object-parts.ts";
import { eachType, namesOfTypes, typeBits } from "./types.ts";
import { valuesOf } from "./values.ts";

/** What each part of a property may be, as schemas: its values where they are listed, else its types. */
const sorts = (property: readonly SchemaNode[], { extend, possibleTypes }: Comparison): readonly object[] => {
  const ways = extend([], property) ?? [];
  const values = ways.map(valuesOf);
  if (values.every((some) => some !== undefined)) return values.flat().map((value) => ({ const: value }));
  const types = ways.reduce((all, way) => all | possibleTypes(way), 0);
  return eachType(types).map((type) => ({ type: namesOfTypes(type) }));
};

/** The names that alternatives say something of. */
const namesIn = (alternatives: readonly SchemaNode[], { extend }: Comparison): ReadonlySet<string> => {
  const ways = alternatives.flatMap((node) => extend([], [node]) ?? []);
  return new Set(ways.flat().flatMap((node) => [...node.map("properties").keys()]));
};

/**
 * Parts that are together the branch, where no single alternative takes all of it: by type, or by what a property is
 * that the branch requires and alternatives tell themselves apart by.
 */
export const partsOf = (
  branch: Branch,
  alternatives: readonly SchemaNode[],
  comparison: Comparison,
): readonly Branch[] => {
  const { nodes, possibleTypes } = comparison;
  const types = eachType(possibleTypes(branch));
  if (types.length > 1) return types.map((type) => [...branch, nodes.make({ type: namesOfTypes(type) })]);
  if (types[0] !== typeBits.object) return [];
  const told = namesIn(alternatives, comparison);
  for (const name of requiredOf(branch)) {
    const schemas = told.has(name) ? sorts(propertyOf(nodes, branch, name), comparison) : [];
    if (schemas.length < 2) continue;
    return schemas.map((schema) => [...branch, nodes.make({ properties: { [name]: schema } })]);
  }
  return [];
};
