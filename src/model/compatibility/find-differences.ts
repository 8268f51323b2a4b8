import type { JsonSchema } from "../schema.ts";
import { createComparison } from "./create-comparison.ts";
import { type DifferenceKind, type Found, once } from "./difference.ts";
import { type CompatibilityMode, type Direction, directionsOf } from "./mode.ts";
import { createNodes } from "./node.ts";
import { typesOf } from "./types.ts";

/** Something by which one schema breaks with the other. */
export type Difference = {
  /** Where in the value: `plan`, `tags[]`, `pair[0]`, `labels.*`; `""` for all of it. */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** What the one takes, and the other does not. */
  readonly message: string;
  /** Backward: the newer refuses what the older took. Forward: the older refuses what the newer takes. */
  readonly breaks: Direction | "both";
};

export type Schemas = {
  readonly older: JsonSchema | boolean;
  readonly newer: JsonSchema | boolean;
  /** How messages call the two. */
  readonly words: readonly [older: string, newer: string];
  /** Types that all values are of, whatever the schemas say: `{ type: … }`. */
  readonly given?: JsonSchema;
};

const find = (from: unknown, to: unknown, words: readonly [string, string], given: JsonSchema = {}) => {
  const nodes = createNodes();
  const [root, held] = [nodes.open(from), nodes.make(given)];
  // What the schema says itself is not said twice.
  const isSaid = (typesOf([root]) & ~typesOf([held])) === 0;
  return once(createComparison(nodes, ...words).fitsWithin(isSaid ? [root] : [root, held], nodes.open(to)));
};

const toDifference = ({ steps, kind, message }: Found, breaks: Direction): Difference => {
  const path = steps.startsWith(".") ? steps.slice(1) : steps;
  return { path, kind, message, breaks };
};

/** What breaks in both directions at one place and in one way is one difference. */
const joinBoth = (backward: readonly Difference[], forward: readonly Difference[]): Difference[] => {
  const left = [...forward];
  const joined = backward.map((one) => {
    const at = left.findIndex(({ path, kind }) => path === one.path && kind === one.kind);
    const [other] = at < 0 ? [] : left.splice(at, 1);
    return other ? { ...one, message: `${one.message}; ${other.message}`, breaks: "both" as const } : one;
  });
  return [...joined, ...left];
};

/** By what two schemas break with each other, as a mode looks at it. */
export const findDifferences = (
  { older, newer, words, given }: Schemas,
  mode: CompatibilityMode,
): readonly Difference[] => {
  const [before, after] = words;
  const directions = directionsOf(mode);
  const backward = directions.includes("backward") ? find(older, newer, words, given) : [];
  const forward = directions.includes("forward") ? find(newer, older, [after, before], given) : [];
  return joinBoth(
    backward.map((one) => toDifference(one, "backward")),
    forward.map((one) => toDifference(one, "forward")),
  );
};
