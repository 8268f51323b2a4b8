import { compareText } from "../../base/compare-text.ts";
import type { Json } from "../../base/json.ts";

/**
 * Values at declared paths, as both engines keep them beside the contexts. Of each path a context has one row of a
 * kind below `elementKind`, which tells what stands there, nothing too; and where an array stands there, one for
 * each different element of it. In their order (kind, number, text) they are in the order of lists by that path.
 * What a row cannot tell whole is looked up in the context itself.
 */
export const keyKinds = {
  /** Nothing stands there. */
  missing: 0,
  null: 1,
  /** `number` is 0 or 1. */
  boolean: 2,
  number: 3,
  /** `text` is all of it, or of a longer one its beginning and `longMark`. */
  string: 4,
  /** `number` is how many elements it has, at the most one more than `keyElements`: then they have no rows. */
  array: 5,
  object: 6,
} as const;

/** A row for an element of an array has this much more than the kind of the element. */
export const elementKind = 10;

/** Code points of a text that its row keeps. */
export const keyTextCharacters = 200;

/**
 * Follows the beginning of a longer text: the highest code point, so that it stands behind the same text without
 * more. No row of a whole text is mistaken for one: it would have one character too many.
 */
export const longMark = "\u{10FFFF}";

/** Elements of an array that have rows. */
export const keyElements = 1_000;

export type KeyValue = { readonly kind: number; readonly number: number; readonly text: string };

/** The order of lists: below 0 where the first comes first. */
export const compareKeyValues = (a: KeyValue, b: KeyValue): number =>
  a.kind - b.kind || a.number - b.number || compareText(a.text, b.text);

const beginningOf = (text: string): string =>
  [...text.slice(0, keyTextCharacters * 2)].slice(0, keyTextCharacters).join("");

/** Whether a row keeps only the beginning of a text. The row of such a text may still be the text itself. */
export const isCut = (text: string): boolean =>
  text.length > keyTextCharacters && beginningOf(text).length < text.length;

/** What a row keeps of a text. */
export const keyText = (text: string): string => (isCut(text) ? beginningOf(text) + longMark : text);

/** The one row that tells what stands at a path. */
export const keyValue = (value: Json | undefined): KeyValue => {
  if (value === undefined) return { kind: keyKinds.missing, number: 0, text: "" };
  if (value === null) return { kind: keyKinds.null, number: 0, text: "" };
  if (typeof value === "boolean") return { kind: keyKinds.boolean, number: value ? 1 : 0, text: "" };
  if (typeof value === "number") return { kind: keyKinds.number, number: value, text: "" };
  if (typeof value === "string") return { kind: keyKinds.string, number: 0, text: keyText(value) };
  if (!Array.isArray(value)) return { kind: keyKinds.object, number: 0, text: "" };
  return { kind: keyKinds.array, number: Math.min(value.length, keyElements + 1), text: "" };
};

/** The rows of what stands at a path, without repeats. */
export const keyValues = (value: Json | undefined): KeyValue[] => {
  const own = keyValue(value);
  if (!Array.isArray(value) || value.length > keyElements) return [own];
  const elements = new Map<string, KeyValue>();
  for (const element of value) {
    const { kind, number, text } = keyValue(element);
    elements.set(`${kind} ${number} ${text}`, { kind: kind + elementKind, number, text });
  }
  return [own, ...elements.values()];
};
