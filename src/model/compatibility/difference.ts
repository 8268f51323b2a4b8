import { escapeName } from "../path.ts";

/** What kind of a change breaks: the keyword of JSON Schema that it is about, or what no single keyword says. */
export type DifferenceKind =
  | ("type" | "enum" | "required" | "pattern" | "format" | "multipleOf" | "uniqueItems" | "contains")
  | (
      | "minimum"
      | "maximum"
      | "minLength"
      | "maxLength"
      | "minItems"
      | "maxItems"
      | "minProperties"
      | "maxProperties"
    )
  | ("propertyNames" | "additionalProperties" | "not" | "anyOf" | "oneOf" | "never")
  /** A property that one schema describes, and the other left open for anything. */
  | "property"
  /** It could not be proved that nothing breaks. */
  | "unprovable"
  /** Of components: a type of content that is gone. */
  | "types";

/** A difference below some place. */
export type Found = {
  /** The steps to it as they stand in a path: `.name`, `[]`, `[0]`, `.*`. */
  readonly steps: string;
  readonly kind: DifferenceKind;
  readonly message: string;
};

export const ofProperty = (name: string): string => `.${escapeName(name)}`;

export const below = (steps: string, found: readonly Found[]): Found[] =>
  found.map((one) => ({ ...one, steps: `${steps}${one.steps}` }));

/** Each difference once. */
export const once = (found: readonly Found[]): Found[] => [
  ...new Map(found.map((one) => [JSON.stringify([one.steps, one.kind, one.message]), one])).values(),
];
