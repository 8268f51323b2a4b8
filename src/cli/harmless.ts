/**
 * What is stored may hold sequences that a terminal obeys, and characters that make it show a text in another order
 * than it is in (U+202A to U+202E, U+2066 to U+2069).
 */
const obeyed = "\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069";

const any = new RegExp(`[${obeyed}]`, "gu");
const butLines = new RegExp(`(?![\\n\\t])[${obeyed}]`, "gu");
const withSpace = new RegExp(`[${obeyed}\\s]+`, "gu");
const leftByJson = /[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/** A text that is shown as a part of a line. */
export const harmless = (text: string): string => text.replaceAll(any, "·");

/** A text with its lines and tabs. */
export const harmlessLines = (text: string): string => text.replaceAll(butLines, "·");

/** A text on one line. */
export const harmlessLine = (text: string): string => text.replaceAll(withSpace, " ");

/** JSON leaves some of them as they are. Escaped they mean the same. */
export const escapeControls = (json: string): string =>
  json.replaceAll(leftByJson, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
