import type { SchemaNode } from "./node.ts";

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** The names that each name brings with it, by `dependentRequired` and the older `dependencies`. */
export const dependentNames = ({ keywords }: SchemaNode): [name: string, others: readonly string[]][] => {
  const all = [
    ...Object.entries(keywords.dependentRequired ?? {}),
    ...Object.entries(keywords.dependencies ?? {}),
  ];
  return all.flatMap(([name, others]) => (isTexts(others) ? [[name, others]] : []));
};

/** The schemas that hold for an object that has a property of their name. */
export const dependentNodes = (node: SchemaNode): [name: string, schema: SchemaNode][] => [
  ...node.map("dependentSchemas"),
  ...node.map("dependencies"),
];

/** The names that each of these requires, with those that they bring. */
export const requiredOf = (branch: readonly SchemaNode[]): ReadonlySet<string> => {
  const required = new Set<string>();
  for (const { keywords } of branch)
    if (isTexts(keywords.required)) for (const name of keywords.required) required.add(name);
  const dependent = branch.flatMap(dependentNames);
  for (let size = -1; size !== required.size; ) {
    size = required.size;
    for (const [name, others] of dependent)
      if (required.has(name)) for (const other of others) required.add(other);
  }
  return required;
};
