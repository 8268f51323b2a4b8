import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Json } from "../../base/json.ts";
import { parseJsonText } from "../../base/json-text.ts";
import { valueBelow } from "../../model/path.ts";
import { sameJson } from "../../search/filter/same-json.ts";

const parse = (text: unknown): Json => parseJsonText(String(text)) as Json;

/** Parses what filters compare with, the same text in each row, once. */
const createParseAgain = (): ((text: unknown) => Json) => {
  let last: { readonly text: unknown; readonly value: Json } | undefined;
  return (text) => {
    if (last === undefined || last.text !== text) last = { text, value: parse(text) };
    return last.value;
  };
};

/**
 * What SQLite's own JSON does not do as filters need it. Its numbers are read otherwise than JavaScript's in the
 * last digit, and whole from 2^53 on; it compares no objects; and its paths cannot name every property.
 */
export const addJsonFunctions = (database: Database): void => {
  const parseAgain = createParseAgain();
  const parsePath = createParseAgain();
  const options = { deterministic: true, directOnly: true };
  database.function("contextbase_number", options, (text: unknown) => Number(text));
  database.function("contextbase_same", options, (text: unknown, other: unknown) =>
    text !== null && sameJson(parse(text), parseAgain(other)) ? 1 : 0,
  );
  database.function("contextbase_contains", options, (text: unknown, other: unknown) => {
    const element = parseAgain(other);
    const array = text === null ? undefined : parse(text);
    return Array.isArray(array) && array.some((one) => sameJson(one, element)) ? 1 : 0;
  });
  database.function("contextbase_at", options, (text: unknown, steps: unknown) => {
    const names = parsePath(steps);
    const found = valueBelow(parse(text), Array.isArray(names) ? names.map(String) : []);
    return found === undefined ? null : JSON.stringify(found);
  });
};
