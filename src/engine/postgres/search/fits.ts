import type { PlanStep } from "../../../model/searching.ts";
import { renderSql, type Sql, type SqlValue } from "../../../search/filter/sql.ts";
import type { Key } from "../../records.ts";
import { textArray } from "../binary-array.ts";
import { type Statement, statement, type Value } from "../trip.ts";

/** What a context must fit, as a condition on the row `c` of `contexts`, and how that is found out. */
export type Fits = {
  /** To find all that fit. */
  readonly condition: Sql;
  /** The same, to look whether one fits. */
  readonly check: Sql;
  readonly plan: readonly PlanStep[];
};

/** Conditions within a statement, and the values of their parameters. */
export type Conditions = { readonly condition: string; readonly check: string; readonly values: readonly Value[] };

export const toValue = (value: SqlValue): Value => {
  if (value === null || typeof value === "string") return value;
  return typeof value === "number" ? String(value) : textArray(value);
};

/** The conditions of a statement that has `before` parameters of its own before theirs. */
export const conditionsAfter = (before: number, { condition, check }: Fits): Conditions => {
  const render = (one: Sql, first: number): string => `AND ${renderSql(one, (number) => `$${first + number}`)}`;
  return {
    condition: render(condition, before),
    check: render(check, before + condition.values.length),
    values: [...condition.values, ...check.values].map(toValue),
  };
};

/** Statements of so many shapes stay prepared; others are planned whenever they are sent. */
const keptShapes = 200;

/** Names the statements of filters, of which there may be any number of shapes. */
export const createShapes = (): ((text: string) => Statement) => {
  const shapes = new Map<string, Statement>();
  return (text) => {
    const known = shapes.get(text);
    if (known) return known;
    if (shapes.size >= keptShapes) return { name: "", text };
    const made = statement(text);
    shapes.set(text, made);
    return made;
  };
};

/** Makes the condition of a query. */
export type ToFits = (key: Key) => Promise<Fits | undefined>;
