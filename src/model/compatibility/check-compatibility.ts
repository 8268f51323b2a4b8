import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import type { JsonSchema } from "../schema.ts";
import { type Difference, findDifferences } from "./find-differences.ts";
import { type CompatibilityMode, checkMode } from "./mode.ts";

export type Compatibility = {
  readonly compatible: boolean;
  /** What breaks by the mode; empty where it is compatible. */
  readonly differences: readonly Difference[];
};

const checkSchema = (schema: unknown, which: string): void => {
  if (isObject(schema) || typeof schema === "boolean") return;
  const message = `The ${which} schema is no JSON Schema: an object, true or false.`;
  throw new ContextbaseError("invalid_argument", message);
};

/**
 * Tells whether a schema may follow another one, by a mode of schema registries: backward means that the newer takes
 * every value that the older takes, forward the reverse, full both. A mode that is transitive says the same of two;
 * it counts where there are more. Draft 2020-12; annotations have no say. What cannot be proved counts as breaking.
 * @throws ContextbaseError invalid_argument
 */
export const checkCompatibility = (
  older: JsonSchema | boolean,
  newer: JsonSchema | boolean,
  mode: CompatibilityMode,
): Compatibility => {
  checkSchema(older, "older");
  checkSchema(newer, "newer");
  const words = ["the older", "the newer"] as const;
  const differences = findDifferences({ older, newer, words }, checkMode("The mode", mode));
  return { compatible: differences.length === 0, differences };
};
