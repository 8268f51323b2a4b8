import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Json } from "../../../base/json.ts";
import { parseJsonText } from "../../../base/json-text.ts";
import { sameJson } from "../../../base/same-json.ts";
import { valueBelow } from "../../../model/path.ts";
import type { Filter, FilterSubject } from "../../../search/filter/filter.ts";
import { createPredicate } from "../../../search/filter/predicate.ts";

const parse = (text: unknown): Json => parseJsonText(String(text)) as Json;

/** Parses what filters compare with, the same text in each row, once. */
const createParseAgain = (): ((text: unknown) => Json) => {
  let last: { readonly text: unknown; readonly value: Json } | undefined;
  return (text) => {
    if (last === undefined || last.text !== text) last = { text, value: parse(text) };
    return last.value;
  };
};

export type JsonFunctions = {
  /** Makes this the filter that `contextbase_fits` tells of. */
  readonly ask: (filter: Filter) => void;
};

/** What is asked of a context, by the columns that it is given. */
export const fitsColumns =
  "c.type, c.id, c.version, c.created_at, c.updated_at, c.content, c.metadata, c.schema_version";

/**
 * What SQLite's own JSON does not do as filters need it. Its numbers are read otherwise than JavaScript's in the
 * last digit, and whole from 2^53 on; it compares no objects; and its paths cannot name every property.
 */
export const addJsonFunctions = (database: Database): JsonFunctions => {
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

  let fits: (subject: FilterSubject) => boolean = () => true;
  const columns = { deterministic: false, directOnly: true, varargs: true };
  database.function("contextbase_fits", columns, (...values: unknown[]) => {
    const [type, id, version, createdAt, updatedAt, content, metadata, schemaVersion] = values;
    const subject = {
      ...{ type: String(type), id: String(id), version: Number(version) },
      ...{ createdAt: Number(createdAt), updatedAt: Number(updatedAt) },
      ...{ content: parse(content), metadata: parse(metadata), schemaVersion: Number(schemaVersion) },
    };
    return fits(subject) ? 1 : 0;
  });
  return {
    ask: (filter) => {
      fits = createPredicate(filter);
    },
  };
};
