import type { Json, JsonObject } from "../../src/base/json.ts";
import { isObject } from "../../src/base/json.ts";
import type { MergePolicies, MergePolicy } from "../../src/model/merging.ts";
import type { Random } from "./random.ts";

/** A value, and what two sides made of it. */
export type Triple = { readonly base: Json; readonly yours: Json; readonly theirs: Json };

/** Few, so that both sides meet at the same ones; some mean something to JavaScript or to paths. */
export const names = ["a", "b", "count", "x.y", "back\\slash", "", "constructor", "toString"] as const;

const scalars: readonly Json[] = [
  0,
  1,
  2,
  5,
  -3,
  0.1,
  2.5,
  2 ** 53 - 1,
  "",
  "a",
  "b",
  "😀",
  true,
  false,
  null,
];

const randomArray = (random: Random, depth: number): Json =>
  Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1));

const randomObject = (random: Random, depth: number): JsonObject =>
  Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(names), randomValue(random, depth + 1)]),
  );

export const randomValue = (random: Random, depth = 0): Json => {
  const kind = random.below(depth > 3 ? 5 : 10);
  if (kind < 5) return random.pick(scalars);
  return kind < 7 ? randomArray(random, depth) : randomObject(random, depth);
};

const editArray = (random: Random, array: readonly Json[]): Json => {
  const at = random.below(array.length + 1);
  const removed = random.below(3) === 0 ? 1 : 0;
  const added = Array.from({ length: random.below(3) }, () => random.pick(scalars));
  return random.below(2) === 0 ? [...array, ...added] : array.toSpliced(at, removed, ...added);
};

/** The value with one thing in it changed, put in or left out. */
const edit = (random: Random, value: Json): Json => {
  const kind = random.below(8);
  if (kind === 0) return randomValue(random, 2);
  if (Array.isArray(value)) return editArray(random, value);
  if (!isObject(value)) return kind < 4 && typeof value === "number" ? value + 1 : random.pick(scalars);
  const object: JsonObject = value as JsonObject;
  const name = random.pick([...names, ...Object.keys(object)]);
  const { [name]: standing, ...others } = object;
  if (kind === 1) return others;
  const next =
    standing === undefined || !Object.hasOwn(object, name) ? randomValue(random, 2) : edit(random, standing);
  return { ...object, [name]: next };
};

const edited = (random: Random, value: Json): Json => {
  let result = value;
  for (let count = random.below(5); count > 0; count--) result = edit(random, result);
  return result;
};

export const randomTriple = (random: Random): Triple => {
  const content = { ...randomObject(random, 0), a: randomValue(random, 1) };
  const base: Json = random.below(20) === 0 ? randomValue(random) : { content };
  // A field named "" at the very top has the path that the value as a whole has: there is none.
  const side = (): Json => {
    if (!isObject(base)) return edited(random, base);
    if (base.content !== content || random.below(20) === 0) return random.pick<Json>([base, null, 1, [1]]);
    return { content: edited(random, content) };
  };
  return { base, yours: side(), theirs: side() };
};

const symmetric: readonly MergePolicy[] = ["max", "min", "sum", "union"];
const others: readonly MergePolicy[] = [
  "last-writer",
  "append",
  ({ yours, theirs }) => [yours ?? null, theirs ?? null],
];

const pathOf = (steps: readonly string[]): string =>
  steps.map((name) => name.replace(/[.\\]/g, "\\$&")).join(".");

/** Policies of a few paths. @param all also those under which it matters who is who */
export const randomPolicies = (random: Random, all: boolean): MergePolicies => {
  const known = all ? [...symmetric, ...others] : symmetric;
  return Object.fromEntries(
    Array.from({ length: random.below(5) }, () => {
      const steps = Array.from({ length: random.below(3) }, () => random.pick(names));
      return [pathOf(["content", ...steps]), random.pick(known)];
    }),
  );
};

/** Two sides that changed fields of their own, and what has both. */
export const randomDisjoint = (random: Random): Triple & { readonly both: Json } => {
  const fields = (from: number): [string, Json][] =>
    Array.from({ length: 1 + random.below(4) }, (_, at) => [
      `${random.pick(names)}${from + at * 2}`,
      randomValue(random, 1),
    ]);
  const [own, other] = [fields(0), fields(1)];
  const shared = random.below(2) === 0 ? [] : [randomDisjointField(random)];
  const side = (...parts: readonly (readonly [string, Json])[][]): JsonObject =>
    Object.fromEntries(parts.flat());
  const change = (entries: readonly [string, Json][]): [string, Json][] =>
    entries.flatMap(([name, value]) => (random.below(4) === 0 ? [] : [[name, edited(random, value)]]));
  const [ownChanged, otherChanged] = [change(own), change(other)];
  const nested = (part: "base" | "yours" | "theirs" | "both"): [string, Json][] =>
    shared.map((one) => ["nested", one[part]]);
  return {
    base: side(own, other, nested("base")),
    yours: side(ownChanged, other, nested("yours")),
    theirs: side(own, otherChanged, nested("theirs")),
    both: side(ownChanged, otherChanged, nested("both")),
  };
};

const randomDisjointField = (random: Random): Triple & { readonly both: Json } => randomDisjoint(random);
