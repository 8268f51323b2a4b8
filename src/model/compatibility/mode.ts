import { ContextbaseError } from "../../base/errors.ts";
import { show } from "../../base/show.ts";

/** The modes by which a schema may follow others, with the names and meanings of schema registries. */
export const compatibilityModes = [
  "backward",
  "backward-transitive",
  "forward",
  "forward-transitive",
  "full",
  "full-transitive",
  "none",
] as const;

export type CompatibilityMode = (typeof compatibilityModes)[number];

export const defaultMode: CompatibilityMode = "backward-transitive";

export type Direction = "backward" | "forward";

/** Which way a mode looks: whether the newer reads what the older wrote, the older what the newer writes, or both. */
export const directionsOf = (mode: CompatibilityMode): readonly Direction[] => {
  const [direction] = mode.split("-");
  if (direction === "full") return ["backward", "forward"];
  return direction === "backward" || direction === "forward" ? [direction] : [];
};

/** Whether all former versions count, not the last one alone. */
export const isTransitive = (mode: CompatibilityMode): boolean => mode.endsWith("-transitive");

export const isMode = (value: unknown): value is CompatibilityMode =>
  compatibilityModes.some((mode) => mode === value);

/** @throws ContextbaseError invalid_argument */
export const checkMode = (what: string, value: unknown): CompatibilityMode => {
  if (isMode(value)) return value;
  throw new ContextbaseError(
    "invalid_argument",
    `${what} is ${show(value)}. It is one of: ${compatibilityModes.join(", ")}.`,
  );
};
