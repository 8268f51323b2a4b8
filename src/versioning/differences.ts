import { isObject, type Json } from "../base/json.ts";
import { createIdentify, type Identify } from "./identities.ts";
import type { Steps } from "./json-pointer.ts";
import { longestCommon, type Pair } from "./longest-common.ts";

/** One difference. `path` is where it stands once the differences before it are made. */
export type Difference = { readonly path: Steps } & (
  | { readonly kind: "added"; readonly after: Json }
  | { readonly kind: "removed"; readonly before: Json }
  | { readonly kind: "changed"; readonly before: Json; readonly after: Json }
);

/**
 * What is to be done to `a`, in order, to make it `b`. Members are compared by their names, elements by the longest
 * run that both arrays have in common; what stands between is compared one by one.
 */
export function* differencesOf(a: Json, b: Json): Generator<Difference> {
  yield* compare([], a, b, createIdentify());
}

function* compare(path: Steps, a: Json, b: Json, identify: Identify): Generator<Difference> {
  if (a === b) return;
  if (Array.isArray(a) && Array.isArray(b)) yield* compareArrays(path, a, b, identify);
  else if (isObject(a) && isObject(b)) yield* compareObjects(path, a, b, identify);
  else yield { kind: "changed", path, before: a, after: b };
}

type Members = { readonly [name: string]: Json };

function* compareObjects(path: Steps, a: Members, b: Members, identify: Identify): Generator<Difference> {
  for (const [name, before] of Object.entries(a)) {
    if (!Object.hasOwn(b, name)) yield { kind: "removed", path: [...path, name], before };
  }
  for (const [name, after] of Object.entries(b)) {
    const before = Object.hasOwn(a, name) ? a[name] : undefined;
    if (before === undefined) yield { kind: "added", path: [...path, name], after };
    else yield* compare([...path, name], before, after, identify);
  }
}

type Elements = readonly Json[];

function* compareArrays(path: Steps, a: Elements, b: Elements, identify: Identify): Generator<Difference> {
  const pairs = pairUp(a, b, identify);
  let [i, j] = [0, 0];
  // What stands in front of the next pair, and after the last one.
  for (const [nextA, nextB] of [...pairs, [a.length, b.length] as const]) {
    for (; i < nextA && j < nextB; i++, j++) yield* compareElements(path, j, a[i], b[j], identify);
    for (; i < nextA; i++) yield* compareElements(path, j, a[i], undefined, identify);
    for (; j < nextB; j++) yield* compareElements(path, j, undefined, b[j], identify);
    yield* compareElements(path, j, a[i], b[j], identify);
    i = nextA + 1;
    j = nextB + 1;
  }
}

/** Elements that belong together: the equal ones, and between them those that bear the same name. */
const pairUp = (a: Elements, b: Elements, identify: Identify): Pair[] => {
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  const equal = longestCommon(a.map(identify), b.map(identify));
  for (const [nextA, nextB] of [...equal, [a.length, b.length] as const]) {
    const names = a.slice(i, nextA).map((element, at) => nameOf(element, identify) ?? -2 * at - 1);
    const others = b.slice(j, nextB).map((element, at) => nameOf(element, identify) ?? -2 * at - 2);
    for (const [one, other] of longestCommon(names, others)) pairs.push([i + one, j + other]);
    if (nextA < a.length) pairs.push([nextA, nextB]);
    [i, j] = [nextA + 1, nextB + 1];
  }
  return pairs;
};

/** What an object among others is commonly known by. */
const naming = ["id", "key", "name"];

/** A number that two objects of one name share; undefined for what has none. */
const nameOf = (element: Json, identify: Identify): number | undefined => {
  if (!isObject(element)) return undefined;
  const members: Members = element;
  for (const member of naming) {
    const name = Object.hasOwn(members, member) ? members[member] : undefined;
    if (typeof name === "string" || typeof name === "number") return identify({ [member]: name });
  }
  return undefined;
};

function* compareElements(
  array: Steps,
  at: number,
  before: Json | undefined,
  after: Json | undefined,
  identify: Identify,
): Generator<Difference> {
  const path = [...array, at];
  if (before !== undefined && after !== undefined) {
    // Equal ones are known as such already.
    if (identify(before) !== identify(after)) yield* compare(path, before, after, identify);
  } else if (before !== undefined) yield { kind: "removed", path, before };
  else if (after !== undefined) yield { kind: "added", path, after };
}
