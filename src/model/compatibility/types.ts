import type { SchemaNode } from "./node.ts";

/** Types of JSON values as a set of bits. A number is whole or not, since `integer` takes one of the two. */
export const typeBits = {
  null: 1,
  boolean: 2,
  integer: 4,
  fraction: 8,
  string: 16,
  array: 32,
  object: 64,
} as const;
export const anyType = 127;
export const numberBits = typeBits.integer | typeBits.fraction;

const named: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ...Object.entries(typeBits),
  ["number", numberBits],
]);

export const typeOfValue = (value: unknown): number => {
  if (value === null) return typeBits.null;
  if (Array.isArray(value)) return typeBits.array;
  if (typeof value === "number") return Number.isInteger(value) ? typeBits.integer : typeBits.fraction;
  return named.get(typeof value) ?? 0;
};

const ofKeyword = (type: unknown): number => {
  if (Array.isArray(type)) return type.reduce((sum: number, name) => sum | (named.get(name) ?? 0), 0);
  return named.get(type) ?? anyType;
};

/** The types that a schema names. `nullable` is the validator's, and adds null. */
export const declaredTypes = ({ keywords: { type, nullable } }: SchemaNode): number => {
  if (type === undefined) return anyType;
  return ofKeyword(type) | (nullable === true ? typeBits.null : 0);
};

/** Whole multiples are whole, without a type that says so. */
const multipliedTypes = ({ keywords: { multipleOf } }: SchemaNode): number =>
  Number.isSafeInteger(multipleOf) ? anyType & ~typeBits.fraction : anyType;

/** The types that are left where a schema is refused that names types and nothing else. */
const refusedTypes = (node: SchemaNode): number => {
  const not = node.one("not");
  if (!not) return 0;
  const said = Object.keys(not.keywords);
  if (said.length === 0) return anyType;
  return said.length === 1 && said[0] === "type" ? declaredTypes(not) : 0;
};

/** The types that a value may have to which all of these apply. */
export const typesOf = (branch: readonly SchemaNode[]): number =>
  branch.reduce(
    (types, node) => types & declaredTypes(node) & multipliedTypes(node) & ~refusedTypes(node),
    anyType,
  );

/** `{ not: {} }` or `false`: what nothing is valid under. */
export const isNever = (node: SchemaNode): boolean => refusedTypes(node) === anyType;

/** The names of types as JSON Schema has them. */
export const namesOfTypes = (types: number): string[] => {
  const names = Object.entries(typeBits).filter(([, bit]) => (types & bit) !== 0);
  const isNumber = (types & typeBits.fraction) !== 0;
  return names.flatMap(([name]) => {
    if (name === "fraction") return ["number"];
    return name === "integer" && isNumber ? [] : [name];
  });
};

const { integer, fraction, ...others } = typeBits;

/** A set of types, each by itself; whole numbers stay with the others. */
export const eachType = (types: number): number[] =>
  [...Object.values(others), numberBits].map((bits) => bits & types).filter((bits) => bits !== 0);
