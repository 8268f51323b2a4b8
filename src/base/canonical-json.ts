import { createHash } from "node:crypto";
import { isObject } from "./json.ts";

/**
 * The JSON of a value, the same for all that are equal: names sorted by UTF-16 code units, no space (RFC 8785).
 * Undefined properties are dropped, and a Date becomes its ISO 8601 text.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value) || value instanceof Date) return JSON.stringify(value) ?? "null";
  const properties = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
  return `{${properties.join(",")}}`;
};

/** SHA-256 over UTF-8, in hexadecimal. */
export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
