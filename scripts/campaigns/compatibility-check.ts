/** One generated pair of schemas: what is said of it, beside what a validator says of generated values. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isObject } from "../../src/base/json.ts";
import { checkCompatibility } from "../../src/index.ts";
import { edited } from "./compatibility-edits.ts";
import { candidates, targetOf } from "./compatibility-instances.ts";
import { randomDocument, type Schema } from "./compatibility-schemas.ts";
import type { Random } from "./random.ts";

export type Pair = { readonly older: Schema; readonly newer: Schema };

export type Checked = {
  readonly compatible: boolean;
  /** Values that the older takes, and one of them that the newer refuses. */
  readonly instances: number;
  readonly counterexample: { readonly value: unknown } | undefined;
  readonly kinds: readonly string[];
};

/** Schemas that hold for the same value as this one. */
const besides = (schema: Record<string, unknown>, root: Schema): unknown[] => {
  const { allOf, anyOf, oneOf, not, dependentSchemas, $ref } = schema;
  const lists = [allOf, anyOf, oneOf, Object.values(dependentSchemas ?? {})].flatMap((list) => list ?? []);
  return [...lists, not, schema.if, schema.then, schema.else, $ref && targetOf(root, $ref)];
};

/** Whether a schema refers to itself about the same value, which is no schema, and which no validator ends with. */
const isCircular = (schema: unknown, root: Schema, within: readonly unknown[]): boolean =>
  isObject(schema) &&
  (within.includes(schema) ||
    besides(schema, root).some((other) => isCircular(other, root, [...within, schema])));

const isSound = (schema: Schema): boolean =>
  ![schema, schema.$defs].some((part) => isAnywhereCircular(part, schema));

const isAnywhereCircular = (part: unknown, root: Schema): boolean => {
  if (Array.isArray(part)) return part.some((item) => isAnywhereCircular(item, root));
  if (!isObject(part)) return false;
  return isCircular(part, root, []) || Object.values(part).some((value) => isAnywhereCircular(value, root));
};

/** Two schemas that are not the same: most are one and an edited one, the others have nothing to do with each other. */
export const randomPair = (random: Random): Pair => {
  for (;;) {
    const older = randomDocument(random);
    const isEdited = random.below(10) < 9;
    const newer = isEdited ? edited(older, random, 1 + random.below(5)) : randomDocument(random);
    const differ = JSON.stringify(older) !== JSON.stringify(newer);
    if (differ && isSound(older) && isSound(newer)) return { older, newer };
  }
};

const ajv = new Ajv2020({
  ...{ strict: false, allErrors: false, meta: false, validateSchema: false, code: { optimize: false } },
});
addFormats.default(ajv);

const compile = (schema: Schema): ValidateFunction | undefined => {
  try {
    return ajv.compile(schema);
  } catch {
    // Such as a pattern that is none.
    return undefined;
  } finally {
    ajv.removeSchema(schema);
  }
};

/** What ajv makes of a schema may fail itself, by a few combinations of keywords: then nobody knows. */
const isValid = (validate: ValidateFunction, value: unknown): boolean | undefined => {
  try {
    return validate(value) === true;
  } catch {
    return undefined;
  }
};

/** @returns undefined where the validator takes one of the schemas for none */
export const checkPair = ({ older, newer }: Pair, random: Random, tries: number): Checked | undefined => {
  const [takes, follows] = [compile(older), compile(newer)];
  if (!takes || !follows) return undefined;
  const { compatible, differences } = checkCompatibility(older, newer, "backward");
  let instances = 0;
  let counterexample: Checked["counterexample"];
  for (const value of candidates(older, newer, random, tries)) {
    if (isValid(takes, value) !== true) continue;
    instances++;
    if (isValid(follows, value) === false) counterexample ??= { value };
  }
  return { compatible, instances, counterexample, kinds: [...new Set(differences.map(({ kind }) => kind))] };
};
