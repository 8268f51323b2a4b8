/** Edits of JSON Schemas, as those who change a program make them. */
import { isObject } from "../../src/base/json.ts";
import { names, numbers, randomSchema, type Schema, texts } from "./compatibility-schemas.ts";
import type { Random } from "./random.ts";

type Mutable = Record<string, unknown>;

const keywordsOfOne = ["items", "additionalProperties", "not", "if", "then", "else", "contains"];
const keywordsOfMany = ["anyOf", "oneOf", "allOf", "prefixItems"];

/** Every schema that is an object, within a document, with the place where it stands. */
const placesIn = (schema: unknown, set: (to: unknown) => void): [Mutable, (to: unknown) => void][] => {
  if (!isObject(schema)) return [];
  const found: [Mutable, (to: unknown) => void][] = [[schema, set]];
  const into = (holder: Mutable | unknown[], key: string | number): void => {
    const at = holder as Record<string | number, unknown>;
    found.push(
      ...placesIn(at[key], (to) => {
        at[key] = to;
      }),
    );
  };
  for (const keyword of keywordsOfOne) into(schema, keyword);
  for (const keyword of ["properties", "patternProperties", "$defs", "dependentSchemas"]) {
    const map = schema[keyword];
    if (isObject(map)) for (const name of Object.keys(map)) into(map, name);
  }
  for (const keyword of keywordsOfMany) {
    const list = schema[keyword];
    if (Array.isArray(list)) for (const at of list.keys()) into(list, at);
  }
  return found;
};

const object = (holder: Mutable, keyword: string): Mutable => {
  const found = holder[keyword];
  const made = isObject(found) ? found : {};
  holder[keyword] = made;
  return made;
};

const list = (holder: Mutable, keyword: string): unknown[] => {
  const found = holder[keyword];
  return Array.isArray(found) ? found : [];
};

type Edit = (schema: Mutable, random: Random, set: (to: unknown) => void) => void;

const edits: readonly Edit[] = [
  // Loosened.
  (schema, random) =>
    delete schema[random.pick([...Object.keys(schema).filter((one) => one !== "$defs"), "none"])],
  (schema, random) => {
    if (schema.enum) schema.enum = [...list(schema, "enum"), random.pick(texts)];
  },
  (schema) => {
    if (typeof schema.type === "string" && schema.type !== "null") schema.type = [schema.type, "null"];
  },
  (schema) => {
    if (schema.type === "integer") schema.type = "number";
  },
  (schema, random) => {
    const bound = random.pick(["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"]);
    if (typeof schema[bound] === "number") schema[bound] += bound.startsWith("min") ? -1 : 1;
    if (Number(schema[bound]) < 0 && bound !== "minimum") schema[bound] = 0;
  },
  (schema, random) => {
    if (schema.required) schema.required = list(schema, "required").filter(() => random.below(2) === 0);
  },
  (schema, random) => {
    if (schema.type === "object") object(schema, "properties")[random.pick(names)] = randomSchema(random, 1);
  },
  (schema, random) => {
    for (const keyword of ["anyOf", "oneOf"]) {
      if (schema[keyword]) schema[keyword] = [...list(schema, keyword), randomSchema(random, 1)];
    }
  },
  // The same in other words.
  (schema, _, set) => set({ allOf: [{ ...schema }] }),
  (schema, random, set) => set({ anyOf: [{ ...schema }, randomSchema(random, 1)] }),
  (schema, _, set) => set({ oneOf: [{ ...schema }, { type: "null" }] }),
  (schema) => {
    if (Array.isArray(schema.type)) {
      const { type, ...others } = schema;
      for (const keyword of Object.keys(others)) delete schema[keyword];
      schema.anyOf = type.map((one) => ({ ...others, type: one }));
      delete schema.type;
    }
  },
  (schema) => Object.assign(schema, { title: "A title", description: "For readers", default: null }),
  // Tightened.
  (schema, random) =>
    Object.assign(schema, { required: [...new Set([...list(schema, "required"), random.pick(names)])] }),
  (schema) => Object.assign(schema, schema.type === "object" && { additionalProperties: false }),
  (schema, random) => Object.assign(schema, { minimum: random.pick(numbers) }),
  (schema) => {
    if (schema.enum) schema.enum = list(schema, "enum").slice(0, 1);
  },
  (_, random, set) => set(randomSchema(random, 2)),
  (schema, random) => Object.assign(schema, { $ref: random.pick(["#/$defs/a"]) }),
];

/** The schema with so many edits at places of chance. */
export const edited = (schema: Schema, random: Random, count: number): Schema => {
  let root: unknown = structuredClone(schema);
  for (let edit = 0; edit < count; edit++) {
    const defs = isObject(root) ? root.$defs : undefined;
    const places = placesIn(root, (to) => {
      root = isObject(to) ? { ...to, $defs: defs } : { allOf: [to], $defs: defs };
    });
    const [place, set] = random.pick(places);
    random.pick(edits)(place, random, set);
  }
  return isObject(root) ? root : {};
};
