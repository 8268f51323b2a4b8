import type { Json } from "../base/json.ts";

/**
 * Values at declared paths, as both engines keep them beside the contexts: a row for the value at each path, and
 * one for each element of an array there. What a kind cannot tell whole is looked up in the context itself.
 */
export const keyKinds = {
  null: 0,
  /** `number` is 0 or 1. */
  boolean: 1,
  number: 2,
  /** `text` is all of it. */
  string: 3,
  /** `text` is its beginning, `keyTextCharacters` code points. */
  longString: 4,
  /** Its elements have rows of their own. */
  array: 5,
  object: 6,
  /** An array of more than `keyElements` elements, which have no rows. */
  largeArray: 7,
} as const;

/** A row for an element of an array has this much more than the kind of the element. */
export const elementKind = 10;

/** Code points of a text that its row keeps. */
export const keyTextCharacters = 200;
/** Elements of an array that have rows. */
export const keyElements = 1_000;

export type KeyValue = { readonly kind: number; readonly number: number; readonly text: string };

const beginningOf = (text: string): string =>
  [...text.slice(0, keyTextCharacters * 2)].slice(0, keyTextCharacters).join("");

const textValue = (text: string): KeyValue => {
  const beginning = text.length <= keyTextCharacters ? text : beginningOf(text);
  const kind = beginning.length === text.length ? keyKinds.string : keyKinds.longString;
  return { kind, number: 0, text: beginning };
};

const keyValueOf = (value: Json): KeyValue => {
  if (value === null) return { kind: keyKinds.null, number: 0, text: "" };
  if (typeof value === "boolean") return { kind: keyKinds.boolean, number: value ? 1 : 0, text: "" };
  if (typeof value === "number") return { kind: keyKinds.number, number: value, text: "" };
  if (typeof value === "string") return textValue(value);
  if (!Array.isArray(value)) return { kind: keyKinds.object, number: 0, text: "" };
  const kind = value.length > keyElements ? keyKinds.largeArray : keyKinds.array;
  return { kind, number: 0, text: "" };
};

/** The rows of what stands at a path, without repeats; none where nothing does. */
export const keyValues = (value: Json | undefined): KeyValue[] => {
  if (value === undefined) return [];
  const own = keyValueOf(value);
  if (own.kind !== keyKinds.array || !Array.isArray(value)) return [own];
  const elements = new Map<string, KeyValue>();
  for (const element of value) {
    const { kind, number, text } = keyValueOf(element);
    const row = { kind: kind + elementKind, number, text };
    elements.set(`${row.kind} ${number} ${text}`, row);
  }
  return [own, ...elements.values()];
};
