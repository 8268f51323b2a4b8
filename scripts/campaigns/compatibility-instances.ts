/** Generated values that are likely, not certain, to be valid under a JSON Schema. */
import { isObject } from "../../src/base/json.ts";
import { names, numbers, texts } from "./compatibility-schemas.ts";
import type { Random } from "./random.ts";

const chance = (random: Random, percent: number): boolean => random.below(100) < percent;

/** Any value, small. */
export const randomValue = (random: Random, depth: number): unknown => {
  const kind = random.below(depth <= 0 ? 4 : 6);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1 || kind === 2) return random.pick(numbers);
  if (kind === 3) return random.pick(texts);
  if (kind === 4) return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
  const held = names.filter(() => chance(random, 40));
  return Object.fromEntries(held.map((name) => [name, randomValue(random, depth - 1)]));
};

type Making = { readonly random: Random; readonly root: unknown };

/** What a reference of a generated schema leads to. */
export const targetOf = (root: unknown, reference: unknown): unknown =>
  reference === "#" ? root : isObject(root) && isObject(root.$defs) ? root.$defs.a : true;

const numberFor = (schema: Record<string, unknown>, random: Random): number => {
  const bounds = [schema.minimum, schema.maximum, schema.exclusiveMinimum, schema.exclusiveMaximum];
  const near = bounds.flatMap((bound) =>
    typeof bound === "number" ? [bound, bound + 1, bound - 1, bound + 0.5] : [],
  );
  const step = typeof schema.multipleOf === "number" ? schema.multipleOf : 1;
  return random.pick([...near, ...near, ...numbers, step, step * 2, step * 3]);
};

const arrayFor = (schema: Record<string, unknown>, making: Making, depth: number): unknown[] => {
  const { random } = making;
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const contains = schema.contains !== undefined && chance(random, 50) ? [schema.contains] : [];
  const length = Math.max(random.below(4), Number(schema.minItems ?? 0));
  return Array.from({ length }, (_, at) => {
    const of = random.pick([first[at] ?? schema.items ?? schema.unevaluatedItems ?? true, ...contains]);
    return valueFor(of, making, depth - 1);
  });
};

const objectFor = (
  schema: Record<string, unknown>,
  making: Making,
  depth: number,
): Record<string, unknown> => {
  const { random } = making;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = isObject(schema.properties) ? schema.properties : {};
  const patterns = Object.entries(isObject(schema.patternProperties) ? schema.patternProperties : {});
  const made: Record<string, unknown> = {};
  for (const name of names) {
    const own = properties[name] ?? patterns.find(([pattern]) => new RegExp(pattern).test(name))?.[1];
    const percent = required.has(name)
      ? 97
      : own === undefined
        ? schema.additionalProperties === false
          ? 3
          : 25
        : 50;
    if (chance(random, percent))
      made[name] = valueFor(own ?? schema.additionalProperties ?? true, making, depth - 1);
  }
  return made;
};

const ofType = (schema: Record<string, unknown>, making: Making, depth: number): unknown => {
  const { random } = making;
  const type = random.pick(
    Array.isArray(schema.type) ? schema.type : [schema.type ?? (depth > 0 ? "object" : "string")],
  );
  if (type === "null") return null;
  if (type === "boolean") return random.below(2) === 0;
  if (type === "integer") return Math.trunc(numberFor(schema, random));
  if (type === "number") return numberFor(schema, random);
  if (type === "string") return random.pick(texts);
  return type === "array" ? arrayFor(schema, making, depth) : objectFor(schema, making, depth);
};

const both = (one: unknown, other: unknown): unknown =>
  isObject(one) && isObject(other) ? { ...one, ...other } : other;

const valueFor = (schema: unknown, making: Making, depth: number): unknown => {
  const { random, root } = making;
  if (!isObject(schema) || depth < -1) return randomValue(random, Math.min(depth, 1));
  if (Array.isArray(schema.enum)) return random.pick(schema.enum);
  if (Object.hasOwn(schema, "const")) return schema.const;
  const parts: unknown[] = [];
  for (const keyword of ["anyOf", "oneOf"]) {
    const alternatives = schema[keyword];
    if (Array.isArray(alternatives)) parts.push(random.pick(alternatives));
  }
  if (Array.isArray(schema.allOf)) parts.push(...schema.allOf);
  if (schema.$ref !== undefined) parts.push(targetOf(root, schema.$ref));
  if (schema.if !== undefined)
    parts.push(...(random.below(2) === 0 ? [schema.if, schema.then ?? true] : [schema.else ?? true]));
  const isSelfSaid = schema.type !== undefined || schema.properties !== undefined || parts.length === 0;
  let made = isSelfSaid ? ofType(schema, making, depth) : undefined;
  for (const part of parts)
    made =
      made === undefined ? valueFor(part, making, depth - 1) : both(made, valueFor(part, making, depth - 1));
  return made ?? null;
};

/** The same with a change somewhere. */
export const changed = (value: unknown, random: Random): unknown => {
  if (Array.isArray(value)) {
    if (value.length === 0 || chance(random, 30)) return [...value, randomValue(random, 1)];
    const at = random.below(value.length);
    return value.map((item, index) => (index === at ? changed(item, random) : item));
  }
  if (!isObject(value)) return randomValue(random, 1);
  const name = random.pick(names);
  const { [name]: held, ...others } = value;
  if (held === undefined) return { ...value, [name]: randomValue(random, 1) };
  return chance(random, 40) ? others : { ...value, [name]: changed(held, random) };
};

/** Values that one of the two schemas may take. */
export const candidates = (older: unknown, newer: unknown, random: Random, count: number): unknown[] =>
  Array.from({ length: count }, (_, at) => {
    const of = at % 3 === 0 ? newer : older;
    const made = at % 7 === 6 ? randomValue(random, 3) : valueFor(of, { random, root: of }, 3);
    return chance(random, 25) ? changed(made, random) : made;
  });
