import type { Json } from "../../base/json.ts";
import { combineSql, joinSql, type Sql, sql, sqlWords } from "../../search/filter/sql.ts";
import type { Leaf } from "../../search/filter/value-predicate.ts";
import {
  elementKind,
  isCut,
  type KeyValue,
  keyElements,
  keyKinds,
  keyText,
  keyValue,
  longMark,
} from "./key-values.ts";

/**
 * Which rows of a path belong to contexts that fit. Each of `ranges` is a condition on the columns after the path,
 * and a range of the key.
 */
export type KeyCondition = {
  readonly ranges: readonly Sql[];
  /** Every context with such a row fits, and has one of them alone; otherwise some may not fit. */
  readonly exact: boolean;
  /** A row's whole key up to its place is given, so that places come in their order. */
  readonly byPlace: boolean;
};

/** Contexts where nothing stands at the path. */
export const missingCondition: KeyCondition = {
  ranges: [sql`kind = ${keyKinds.missing} AND number = 0 AND text = ''`],
  exact: true,
  byPlace: true,
};

const existing: KeyCondition = {
  ranges: [sql`kind > ${keyKinds.missing} AND kind < ${elementKind}`],
  exact: true,
  byPlace: false,
};

const none: KeyCondition = { ranges: [], exact: true, byPlace: false };

/** Whether the row that a value has tells it whole. */
const isWhole = ({ kind, text }: KeyValue): boolean =>
  kind < keyKinds.array && !(kind === keyKinds.string && text.endsWith(longMark));

const row = ({ kind, number, text }: KeyValue): Sql =>
  sql`kind = ${kind} AND number = ${number} AND text = ${text}`;

const equal = (value: Json): KeyCondition => {
  const own = keyValue(value);
  return { ranges: [row(own)], exact: isWhole(own), byPlace: true };
};

const among = (values: readonly Json[]): KeyCondition => {
  const rows = new Map(values.map(keyValue).map((own) => [JSON.stringify(own), own]));
  const owns = [...rows.values()];
  const texts = owns.filter(({ kind }) => kind === keyKinds.string);
  const numbers = owns.filter(({ kind }) => kind === keyKinds.number);
  const others = owns.filter(({ kind }) => kind !== keyKinds.string && kind !== keyKinds.number);
  const list = (some: readonly (string | number)[]): Sql =>
    joinSql(
      some.map((one) => sql`${one}`),
      ", ",
    );
  return {
    ranges: [
      ...(texts.length > 0
        ? [sql`kind = ${keyKinds.string} AND number = 0 AND text IN (${list(texts.map(({ text }) => text))})`]
        : []),
      ...(numbers.length > 0
        ? [sql`kind = ${keyKinds.number} AND number IN (${list(numbers.map(({ number }) => number))})`]
        : []),
      ...others.map(row),
    ],
    exact: owns.every(isWhole),
    byPlace: false,
  };
};

const words = { gt: sqlWords(">"), gte: sqlWords(">="), lt: sqlWords("<"), lte: sqlWords("<=") } as const;

const ordered = (comparison: keyof typeof words, value: Json): KeyCondition => {
  if (typeof value === "number") {
    const range = sql`kind = ${keyKinds.number} AND number ${words[comparison]} ${value}`;
    return { ranges: [range], exact: true, byPlace: false };
  }
  if (typeof value !== "string") return none;
  const text = keyText(value);
  const exact = !isCut(value);
  // Of longer texts with the same beginning a row cannot tell which comes first.
  const word = exact
    ? words[comparison]
    : comparison === "gt" || comparison === "gte"
      ? words.gte
      : words.lte;
  return {
    ranges: [sql`kind = ${keyKinds.string} AND number = 0 AND text ${word} ${text}`],
    exact,
    byPlace: false,
  };
};

/** The text before which all stand that begin with `beginning`; undefined where none does. */
const textAfter = (beginning: string): string | undefined => {
  const points = Array.from(beginning, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // What would be the first half of a pair is no code point of its own.
  return String.fromCodePoint(...points, last + 1 === 0xd800 ? 0xe000 : last + 1);
};

const beginning = (value: string): KeyCondition => {
  const text = keyText(value);
  if (isCut(value)) {
    return { ranges: [row({ kind: keyKinds.string, number: 0, text })], exact: false, byPlace: true };
  }
  const after = textAfter(value);
  const from = sql`kind = ${keyKinds.string} AND number = 0 AND text >= ${value}`;
  return {
    ranges: [after === undefined ? from : sql`${from} AND text < ${after}`],
    exact: true,
    byPlace: false,
  };
};

/** An array with too many elements has no rows for them. */
const containing = (value: Json): KeyCondition => {
  const own = keyValue(value);
  const large = sql`kind = ${keyKinds.array} AND number > ${keyElements}`;
  return { ranges: [row({ ...own, kind: own.kind + elementKind }), large], exact: false, byPlace: false };
};

/** The rows of a leaf's path that belong to contexts which fit it, or may. */
export const keyCondition = (leaf: Leaf): KeyCondition => {
  switch (leaf.kind) {
    case "exists":
      return existing;
    case "in":
      return among(leaf.values);
    case "contains":
      return containing(leaf.value);
    case "startsWith":
      return beginning(leaf.value);
    case "compare":
      return leaf.comparison === "eq" ? equal(leaf.value) : ordered(leaf.comparison, leaf.value);
  }
};

/** The rows that are in all of these ranges, each of which is one of the same path. */
export const allRanges = (conditions: readonly KeyCondition[]): KeyCondition => {
  const ranges = conditions.flatMap((one) => one.ranges);
  return {
    ranges: ranges.length < conditions.length ? [] : [combineSql(ranges, "AND")],
    exact: conditions.every(({ exact }) => exact),
    byPlace: false,
  };
};
