import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import type { JsonSchema } from "../schema.ts";
import { createComparison } from "./create-comparison.ts";
import { type DifferenceKind, type Found, once } from "./difference.ts";
import { type CompatibilityMode, checkMode, directionsOf } from "./mode.ts";
import { createNodes } from "./node.ts";

/** Something by which one schema breaks with the other. */
export type Difference = {
  /** Where in the value: `plan`, `tags[]`, `pair[0]`, `labels.*`; `""` for all of it. */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** What the one takes, and the other does not. */
  readonly message: string;
  /** Backward: the newer refuses what the older took. Forward: the older refuses what the newer takes. */
  readonly breaks: "backward" | "forward" | "both";
};

export type Compatibility = {
  readonly compatible: boolean;
  /** What breaks by the mode; empty where it is compatible. */
  readonly differences: readonly Difference[];
};

/** Why a value that is valid under the one schema may not be valid under the other; nothing: it always is. */
const findDifferences = (from: unknown, to: unknown, words: readonly [string, string]): readonly Found[] => {
  const nodes = createNodes();
  const comparison = createComparison(nodes, ...words);
  return once(comparison.fitsWithin([nodes.open(from)], nodes.open(to)));
};

const pathOf = ({ steps }: Found): string => (steps.startsWith(".") ? steps.slice(1) : steps);

const checkSchema = (schema: unknown, which: string): void => {
  if (isObject(schema) || typeof schema === "boolean") return;
  throw new ContextbaseError(
    "invalid_argument",
    `The ${which} schema is no JSON Schema: an object, true or false.`,
  );
};

/**
 * Tells whether a schema may follow another one, by a mode of schema registries: backward means that the newer takes
 * every value that the older takes, forward the reverse, full both. Draft 2020-12; annotations have no say. What cannot
 * be proved counts as breaking, and says so.
 * @throws ContextbaseError invalid_argument
 */
export const checkCompatibility = (
  older: JsonSchema | boolean,
  newer: JsonSchema | boolean,
  mode: CompatibilityMode,
): Compatibility => {
  checkSchema(older, "older");
  checkSchema(newer, "newer");
  const directions = directionsOf(checkMode("The mode", mode));
  const differences = directions.flatMap((breaks): Difference[] => {
    const found =
      breaks === "backward"
        ? findDifferences(older, newer, ["the older", "the newer"])
        : findDifferences(newer, older, ["the newer", "the older"]);
    return found.map((one) => ({ path: pathOf(one), kind: one.kind, message: one.message, breaks }));
  });
  const merged = joinBoth(differences);
  return { compatible: merged.length === 0, differences: merged };
};

/** What breaks in both directions at one place and in one way is one difference. */
const joinBoth = (differences: readonly Difference[]): Difference[] => {
  const joined = new Map<string, Difference>();
  for (const one of differences) {
    const key = JSON.stringify([one.path, one.kind]);
    const before = joined.get(key);
    if (before?.breaks === "backward" && one.breaks === "forward") {
      joined.set(key, { ...before, message: `${before.message}; ${one.message}`, breaks: "both" });
    } else joined.set(before ? `${key} ${joined.size}` : key, one);
  }
  return [...joined.values()];
};
