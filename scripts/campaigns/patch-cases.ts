import { isDeepStrictEqual } from "node:util";
import { applyPatch, createPatch, type Json } from "../../src/index.ts";
import type { Random } from "./random.ts";

/** Names that pointers must escape, that are taken for indexes, or that lie on prototypes. */
const names = [
  "a",
  "b",
  "name",
  "",
  "/",
  "~",
  "~1",
  "a/b",
  "0",
  "-1",
  "-",
  "length",
  "constructor",
  "é",
  "😀",
];
const texts = ["", "a", "0", "true", "-", "lorem ipsum", 'ä\n\t"\\', "😀"];

const scalar = (random: Random): Json => {
  const numbers = [0, 1, -1, 2, 1.5, 1e21, Number.MAX_SAFE_INTEGER];
  return random.pick<() => Json>([
    () => random.pick(texts),
    () => random.pick(numbers),
    () => random.below(5),
    () => random.pick([true, false]),
    () => null,
  ])();
};

const object = (random: Random, depth: number): Json =>
  Object.fromEntries(
    Array.from({ length: random.below(6) }, () => [random.pick(names), value(random, depth)]),
  );

const array = (random: Random, depth: number): Json => {
  // Few different elements, many of them: the case where the longest common run is not obvious.
  if (random.below(3) === 0) return Array.from({ length: random.below(20) }, () => random.below(3));
  return Array.from({ length: random.below(8) }, () => value(random, depth));
};

const value = (random: Random, depth: number): Json => {
  if (depth <= 0) return scalar(random);
  return random.pick([scalar, object, array])(random, depth - 1);
};

/** The same with something changed somewhere. */
const changed = (random: Random, from: Json): Json => {
  if (random.below(6) === 0 || typeof from !== "object" || from === null) return value(random, 2);
  if (!Array.isArray(from)) {
    const entries = Object.entries(from);
    const at = random.below(entries.length + 1);
    const [name, item] = entries[at] ?? [random.pick(names), null];
    const others = entries.filter(([other]) => other !== name);
    if (random.below(4) === 0) return Object.fromEntries(others);
    return Object.fromEntries([...others, [name, changed(random, item)]]);
  }
  const at = random.below(from.length + 1);
  const [before, item, after] = [from.slice(0, at), from.slice(at, at + 1), from.slice(at + 1)];
  return random.pick<() => Json>([
    () => [...before, ...after],
    () => [...before, value(random, 2), ...item, ...after],
    () => [...before, ...item, ...item, ...after],
    () => [...before, ...item.map((one: Json) => changed(random, one)), ...after],
    () => [...after, ...item, ...before],
    () => from.toReversed(),
  ])();
};

export type PatchCase = { readonly from: Json; readonly to: Json };

/** Two values: mostly one and what became of it by some changes. */
export const randomPatchCase = (random: Random): PatchCase => {
  const from = value(random, 4);
  if (random.below(4) === 0) return { from, to: value(random, 4) };
  let to = from;
  for (let change = random.below(5); change > 0; change--) to = changed(random, to);
  return { from, to };
};

const deepFreeze = (value: Json): Json => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
};

/** Changes every part of a value in place. */
const scramble = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return;
  Object.values(value).forEach(scramble);
  if (Array.isArray(value)) value.push("scrambled");
  else Object.assign(value, { scrambled: true });
};

const turnedAround = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(turnedAround);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, turnedAround(item)]),
  );
};

/**
 * Makes the patch between two values and applies it.
 * @returns what is wrong; undefined where all is as it should be
 */
export const checkPatchCase = ({ from, to }: PatchCase): string | undefined => {
  deepFreeze(from);
  const own = structuredClone(to);
  const patch = createPatch(from, own);
  scramble(own);
  const applied = applyPatch(from, patch);
  const told = (what: string): string => `${what}: ${JSON.stringify({ from, to, patch, applied })}`;
  if (!isDeepStrictEqual(applied, to)) return told("the patch does not lead there");
  scramble(applied);
  const wire: typeof patch = JSON.parse(JSON.stringify(patch));
  if (!isDeepStrictEqual(applyPatch(from, wire), to)) return told("changing a result changed its patch");
  if (isDeepStrictEqual(from, to) !== (patch.length === 0))
    return told("a patch is empty just where nothing differs");
  if (createPatch(to, turnedAround(to)).length > 0) return told("the order of members counts");
  return undefined;
};
