import { isObject, type Json } from "../../base/json.ts";
import { sameJson } from "../../base/same-json.ts";
import { dependentNames, dependentNodes } from "./dependent.ts";
import type { SchemaNode } from "./node.ts";
import { matches } from "./pattern.ts";
import { additionalOf, isOpaque, restOf } from "./scope.ts";
import { declaredTypes, typeOfValue } from "./types.ts";

/** True or false, or undefined where it cannot be told. */
type Verdict = boolean | undefined;

const and = (verdicts: Iterable<Verdict>): Verdict => {
  let all: Verdict = true;
  for (const verdict of verdicts) {
    if (verdict === false) return false;
    if (verdict === undefined) all = undefined;
  }
  return all;
};

const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);
const or = (verdicts: readonly Verdict[]): Verdict => not(and(verdicts.map(not)));

/** How many of them hold: at least, and at most. */
const count = (verdicts: readonly Verdict[]): readonly [least: number, most: number] => [
  verdicts.filter((verdict) => verdict === true).length,
  verdicts.filter((verdict) => verdict !== false).length,
];

const between = ([least, most]: readonly [number, number], from: number, to: number): Verdict => {
  if (least >= from && most <= to) return true;
  return most < from || least > to ? false : undefined;
};

const atLeast = (value: number, bound: unknown): Verdict => typeof bound !== "number" || value >= bound;
const atMost = (value: number, bound: unknown): Verdict => typeof bound !== "number" || value <= bound;

function* ofNumber(value: number, { keywords }: SchemaNode): Generator<Verdict> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = keywords;
  yield atLeast(value, minimum);
  yield atMost(value, maximum);
  yield typeof exclusiveMinimum !== "number" || value > exclusiveMinimum;
  yield typeof exclusiveMaximum !== "number" || value < exclusiveMaximum;
  if (typeof multipleOf !== "number") return;
  // Validators differ in what a multiple of a fraction is.
  const exact = Number.isSafeInteger(multipleOf) && (Number.isSafeInteger(value) || !Number.isInteger(value));
  yield exact ? value % multipleOf === 0 : undefined;
}

function* ofString(value: string, { keywords }: SchemaNode): Generator<Verdict> {
  const { minLength, maxLength, pattern, format } = keywords;
  const length = [...value].length;
  yield atLeast(length, minLength);
  yield atMost(length, maxLength);
  if (typeof pattern === "string") yield matches(pattern, value);
  if (typeof format === "string") yield undefined;
}

const areUnique = (items: readonly Json[]): boolean =>
  items.every((item, at) => items.slice(0, at).every((before) => !sameJson(item, before)));

function* ofArray(value: readonly Json[], node: SchemaNode, depth: number): Generator<Verdict> {
  const {
    minItems,
    maxItems,
    uniqueItems,
    minContains = 1,
    maxContains = Number.POSITIVE_INFINITY,
  } = node.keywords;
  yield atLeast(value.length, minItems);
  yield atMost(value.length, maxItems);
  if (uniqueItems === true) yield areUnique(value);
  const first = node.list("prefixItems");
  const rest = restOf(node);
  for (const [at, item] of value.entries()) {
    const schema = first[at] ?? rest;
    if (schema) yield verdict(schema, item, depth);
  }
  const contains = node.one("contains");
  if (!contains) return;
  const held = value.map((item) => verdict(contains, item, depth));
  yield between(count(held), Number(minContains), Number(maxContains));
}

function* ofObject(
  value: { readonly [name: string]: Json },
  node: SchemaNode,
  depth: number,
): Generator<Verdict> {
  const { required, minProperties, maxProperties } = node.keywords;
  const names = Object.keys(value);
  const has = (name: unknown): boolean => typeof name === "string" && Object.hasOwn(value, name);
  yield atLeast(names.length, minProperties);
  yield atMost(names.length, maxProperties);
  if (Array.isArray(required)) yield required.every(has);
  for (const [name, others] of dependentNames(node)) yield !has(name) || others.every(has);
  for (const [name, schema] of dependentNodes(node)) if (has(name)) yield verdict(schema, value, depth);
  const properties = node.map("properties");
  const patterns = [...node.map("patternProperties")];
  const additional = additionalOf(node);
  const propertyNames = node.one("propertyNames");
  for (const [name, item] of Object.entries(value)) {
    const matched = patterns.map(([pattern, schema]) => [matches(pattern, name), schema] as const);
    const own = properties.get(name);
    if (own) yield verdict(own, item, depth);
    for (const [match, schema] of matched) {
      if (match !== false) yield match === true ? verdict(schema, item, depth) : undefined;
    }
    const isOther = !own && matched.every(([match]) => match === false);
    if (isOther && additional) yield verdict(additional, item, depth);
    if (propertyNames) yield verdict(propertyNames, name, depth);
  }
}

const ofType = (value: Json, node: SchemaNode, depth: number): Iterable<Verdict> => {
  if (typeof value === "number") return ofNumber(value, node);
  if (typeof value === "string") return ofString(value, node);
  if (Array.isArray(value)) return ofArray(value, node, depth);
  return isObject(value) ? ofObject(value as { readonly [name: string]: Json }, node, depth) : [];
};

function* ofCombined(value: Json, node: SchemaNode, depth: number): Generator<Verdict> {
  if (isOpaque(node)) yield undefined;
  const each = (keyword: string): Verdict[] =>
    node.list(keyword).map((schema) => verdict(schema, value, depth));
  const { target } = node;
  if (target) yield verdict(target, value, depth);
  yield and(each("allOf"));
  if (node.keywords.anyOf !== undefined) yield or(each("anyOf"));
  if (node.keywords.oneOf !== undefined) yield between(count(each("oneOf")), 1, 1);
  const refused = node.one("not");
  if (refused) yield not(verdict(refused, value, depth));
  const condition = node.one("if");
  if (!condition) return;
  const holds = verdict(condition, value, depth);
  const then = node.one("then");
  const otherwise = node.one("else");
  yield or([not(holds), then ? verdict(then, value, depth) : true]);
  yield or([holds, otherwise ? verdict(otherwise, value, depth) : true]);
}

/** References that lead in a circle are left at this depth. */
const mostDepth = 200;

const verdict = (node: SchemaNode, value: Json, depth: number): Verdict => {
  if (depth > mostDepth) return undefined;
  const { keywords } = node;
  if ((declaredTypes(node) & typeOfValue(value)) === 0) return false;
  const isOne = (other: unknown): boolean => sameJson(value, other as Json);
  if (Object.hasOwn(keywords, "const") && !isOne(keywords.const)) return false;
  if (Array.isArray(keywords.enum) && !keywords.enum.some(isOne)) return false;
  return and([and(ofType(value, node, depth + 1)), and(ofCombined(value, node, depth + 1))]);
};

/** Whether a value is valid under a schema; undefined where that cannot be told here (a format, say). */
export const accepts = (node: SchemaNode, value: Json): boolean | undefined => verdict(node, value, 0);
