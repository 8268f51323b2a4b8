/* biome-ignore-all lint/suspicious/noThenProperty: it is a keyword of JSON Schema. */
/** Generated JSON Schemas, and edits of them as people make them. Few names and values, so that they meet. */
import type { Random } from "./random.ts";

export type Schema = { readonly [keyword: string]: unknown };
type Made = Schema | boolean;

export const names = ["a", "b", "c", "d"] as const;
export const texts = ["", "a", "b", "ab", "abc", "2020-01-01", "a@b.co"] as const;
export const numbers = [-2, -1, 0, 0.5, 1, 2, 2.5, 3, 4, 6] as const;
const scalars = [null, true, false, ...texts, ...numbers] as const;
const types = ["null", "boolean", "integer", "number", "string", "array", "object"] as const;
const patterns = ["^a", "b$", "^.{2}$"] as const;
const namePatterns = ["^[ab]", "[bc]$"] as const;

const chance = (random: Random, percent: number): boolean => random.below(100) < percent;

/** Of so many keywords that might stand there, those that chance picks. */
const some = (random: Random, percent: number, made: Readonly<Record<string, () => unknown>>): Schema =>
  Object.fromEntries(
    Object.entries(made).flatMap(([keyword, make]) => (chance(random, percent) ? [[keyword, make()]] : [])),
  );

const subset = <Item>(random: Random, items: readonly Item[]): Item[] =>
  items.filter(() => chance(random, 40));

const numberSchema = (random: Random): Schema =>
  some(random, 30, {
    minimum: () => random.pick(numbers),
    maximum: () => random.pick(numbers),
    exclusiveMinimum: () => random.pick(numbers),
    exclusiveMaximum: () => random.pick(numbers),
    multipleOf: () => random.pick([1, 2, 3, 4, 0.5]),
  });

const stringSchema = (random: Random): Schema =>
  some(random, 30, {
    minLength: () => random.below(3),
    maxLength: () => random.below(4),
    pattern: () => random.pick(patterns),
    format: () => random.pick(["date", "email"]),
  });

const arraySchema = (random: Random, depth: number): Schema => {
  const one = (): Made => randomSchema(random, depth - 1);
  const { contains, ...made } = some(random, 25, {
    minItems: () => random.below(3),
    maxItems: () => random.below(4),
    uniqueItems: () => chance(random, 70),
    items: one,
    prefixItems: () => [one(), one()],
    contains: one,
    minContains: () => random.below(3),
    maxContains: () => random.below(3),
    unevaluatedItems: () => chance(random, 50),
  });
  // ajv 8 leaves out `contains` for an empty array where `prefixItems` stand beside it.
  return contains === undefined || made.prefixItems !== undefined ? made : { ...made, contains };
};

const byName = (random: Random, depth: number, from: readonly string[]): Schema =>
  Object.fromEntries(subset(random, from).map((name) => [name, randomSchema(random, depth - 1)]));

const objectSchema = (random: Random, depth: number): Schema => ({
  ...some(random, 70, {
    properties: () => byName(random, depth, names),
    required: () => subset(random, names),
    additionalProperties: () => (chance(random, 70) ? false : randomSchema(random, depth - 1)),
  }),
  ...some(random, 10, {
    minProperties: () => random.below(3),
    maxProperties: () => random.below(4),
    patternProperties: () => byName(random, depth, namePatterns),
    propertyNames: () => random.pick([{ enum: ["a", "b"] }, { maxLength: 1 }, { pattern: "^[ab]" }]),
    dependentRequired: () => ({ [random.pick(names)]: [random.pick(names)] }),
    dependentSchemas: () => byName(random, depth, names.slice(0, 2)),
    unevaluatedProperties: () => false,
  }),
});

const ofType = (random: Random, type: (typeof types)[number], depth: number): Schema => {
  if (type === "integer" || type === "number") return numberSchema(random);
  if (type === "string") return stringSchema(random);
  if (type === "array") return arraySchema(random, depth);
  return type === "object" ? objectSchema(random, depth) : {};
};

const alternatives = (random: Random, depth: number): Made[] =>
  Array.from({ length: 1 + random.below(3) }, () => randomSchema(random, depth - 1));

const discriminated = (random: Random, depth: number): Schema => ({
  [random.pick(["anyOf", "oneOf"])]: ["a", "b", "ab"].slice(0, 2 + random.below(2)).map((kind) => ({
    type: "object",
    properties: { ...byName(random, depth, names.slice(1)), a: { const: kind } },
    required: ["a", ...subset(random, names.slice(1))],
    ...(chance(random, 60) && { additionalProperties: false }),
  })),
});

const combined = (random: Random, depth: number): Schema => {
  const one = (): Made => randomSchema(random, depth - 1);
  return random.pick([
    () => ({ anyOf: alternatives(random, depth) }),
    () => ({ oneOf: alternatives(random, depth) }),
    () => ({ allOf: alternatives(random, depth) }),
    () => ({ not: one() }),
    () => ({
      if: one(),
      ...some(random, 70, { then: one, else: one }),
    }),
    () => discriminated(random, depth),
  ])();
};

/** A schema of any keywords of draft 2020-12 that compare; `$ref` leads to the root, or to `$defs.a`. */
export const randomSchema = (random: Random, depth: number): Made => {
  if (depth <= 0) return random.pick<Made>([true, true, false, {}, { type: random.pick(types) }]);
  if (chance(random, 12)) return { enum: [random.pick(scalars), random.pick(scalars)] };
  if (chance(random, 8)) return { const: random.pick(scalars) };
  if (chance(random, 5)) return { $ref: random.pick(["#", "#/$defs/a"]) };
  if (chance(random, 20)) return combined(random, depth);
  const type = random.pick(types);
  const another = random.pick(types);
  const named = chance(random, 25) ? { type: [...new Set([type, another])] } : { type };
  const made = { ...(chance(random, 92) && named), ...ofType(random, type, depth) };
  return chance(random, 12) ? { ...made, ...combined(random, depth) } : made;
};

/** A whole document: its `$defs.a` is what references lead to. */
export const randomDocument = (random: Random): Schema => {
  const schema = randomSchema(random, 3);
  const own = typeof schema === "boolean" ? { allOf: [schema] } : schema;
  return { ...own, $defs: { a: randomSchema(random, 2) } };
};
