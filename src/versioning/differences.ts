import { isObject, type Json } from "../base/json.ts";
import { createIdentify, type Identify } from "./identities.ts";
import type { Steps } from "./json-pointer.ts";
import { longestCommon } from "./longest-common.ts";

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
  const common = longestCommon(a.map(identify), b.map(identify));
  let [i, j] = [0, 0];
  // What stands in front of the next common element, and after the last one.
  for (const [nextA, nextB] of [...common, [a.length, b.length] as const]) {
    for (; i < nextA && j < nextB; i++, j++) yield* compareElements(path, j, a[i], b[j], identify);
    for (; i < nextA; i++) yield* compareElements(path, j, a[i], undefined, identify);
    for (; j < nextB; j++) yield* compareElements(path, j, undefined, b[j], identify);
    i = nextA + 1;
    j = nextB + 1;
  }
}

function* compareElements(
  array: Steps,
  at: number,
  before: Json | undefined,
  after: Json | undefined,
  identify: Identify,
): Generator<Difference> {
  const path = [...array, at];
  if (before !== undefined && after !== undefined) yield* compare(path, before, after, identify);
  else if (before !== undefined) yield { kind: "removed", path, before };
  else if (after !== undefined) yield { kind: "added", path, after };
}
