import type { Json } from "../../base/json.ts";
import { type BodyPath, type FieldName, isBodyPath, type Path } from "../../model/path.ts";
import type { Comparison, Filter } from "./filter.ts";
import { combineSql, type Sql, sql, sqlWords } from "./sql.ts";
import type { Leaf } from "./value-predicate.ts";

/** How a database tells what stands at a path of a context's JSON. A condition may be null where nothing does. */
export type FilterDialect = {
  /** The column of a field of the context itself. */
  readonly column: (field: FieldName) => Sql;
  readonly exists: (path: BodyPath) => Sql;
  /** The number there; null where there is none. */
  readonly number: (path: BodyPath) => Sql;
  /** The text there, comparing by code point; null where there is none. */
  readonly text: (path: BodyPath) => Sql;
  /** Whether what stands there is one of these, of which there may be hundreds. */
  readonly among: (there: Sql, values: readonly number[] | readonly string[]) => Sql;
  /** Whether this very JSON stands there; `value` is neither a number nor a text. */
  readonly same: (path: BodyPath, value: Json) => Sql;
  /** Whether an array stands there that has this element. */
  readonly contains: (path: BodyPath, value: Json) => Sql;
};

const always = sqlWords("1 = 1");
const never = sqlWords("1 = 0");

const operators: Readonly<Record<Comparison, Sql>> = {
  eq: sqlWords("="),
  gt: sqlWords(">"),
  gte: sqlWords(">="),
  lt: sqlWords("<"),
  lte: sqlWords("<="),
};

const isNumberField = (field: FieldName): boolean => field !== "type" && field !== "id";

/** What stands at a path as a number; undefined where none ever does. */
const numberAt = (path: Path, dialect: FilterDialect): Sql | undefined => {
  if (isBodyPath(path)) return dialect.number(path);
  return isNumberField(path.root) ? dialect.column(path.root) : undefined;
};

const textAt = (path: Path, dialect: FilterDialect): Sql | undefined => {
  if (isBodyPath(path)) return dialect.text(path);
  return isNumberField(path.root) ? undefined : dialect.column(path.root);
};

const compare = (path: Path, comparison: Comparison, value: Json, dialect: FilterDialect): Sql => {
  if (typeof value === "number" || typeof value === "string") {
    const there = (typeof value === "number" ? numberAt : textAt)(path, dialect);
    return there ? sql`${there} ${operators[comparison]} ${value}` : never;
  }
  return comparison === "eq" && isBodyPath(path) ? dialect.same(path, value) : never;
};

const isIn = (path: Path, values: readonly Json[], dialect: FilterDialect): Sql => {
  const numbers = values.filter((value) => typeof value === "number");
  const texts = values.filter((value) => typeof value === "string");
  const others = values.filter((value) => typeof value !== "number" && typeof value !== "string");
  const among = (there: Sql | undefined, some: readonly number[] | readonly string[]): Sql[] =>
    there && some.length > 0 ? [dialect.among(there, some)] : [];
  return combineSql(
    [
      ...among(numberAt(path, dialect), numbers),
      ...among(textAt(path, dialect), texts),
      ...others.map((value) => compare(path, "eq", value, dialect)),
    ].map(certain),
    "OR",
  );
};

/** True or false: a comparison with what is not there is null, and its negation would be, too. */
const certain = (condition: Sql): Sql => sql`((${condition}) IS TRUE)`;

const startsWith = (path: Path, beginning: string, dialect: FilterDialect): Sql => {
  const there = textAt(path, dialect);
  return there ? sql`substr(${there}, 1, ${[...beginning].length}) = ${beginning}` : never;
};

/** A condition that tells a leaf without looking at the context's JSON, never null; undefined where there is none. */
export type LeafShortcut = (leaf: Leaf) => Sql | undefined;

const compileLeaf = (leaf: Leaf, dialect: FilterDialect): Sql => {
  const { path } = leaf;
  switch (leaf.kind) {
    case "compare":
      return compare(path, leaf.comparison, leaf.value, dialect);
    case "in":
      return isIn(path, leaf.values, dialect);
    case "exists":
      return isBodyPath(path) ? dialect.exists(path) : always;
    case "contains":
      return isBodyPath(path) ? dialect.contains(path, leaf.value) : never;
    case "startsWith":
      return startsWith(path, leaf.value, dialect);
  }
};

/** A filter as a condition on a row of contexts, which is true exactly where the filter's predicate is. */
export const compileFilter = (
  filter: Filter,
  dialect: FilterDialect,
  shortcut: LeafShortcut = () => undefined,
): Sql => {
  switch (filter.kind) {
    case "and":
    case "or":
      return combineSql(
        filter.filters.map((one) => compileFilter(one, dialect, shortcut)),
        filter.kind === "and" ? "AND" : "OR",
      );
    case "not":
      return sql`(NOT ${compileFilter(filter.filter, dialect, shortcut)})`;
    default:
      return shortcut(filter) ?? certain(compileLeaf(filter, dialect));
  }
};
