import type { PlanStep } from "../../../model/searching.ts";
import { renderSql, type Sql, type SqlValue } from "../../../search/filter/sql.ts";
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

export const toValue = (value: SqlValue): Value => {
  if (value === null || typeof value === "string") return value;
  return typeof value === "number" ? String(value) : textArray(value);
};

/** A condition within a statement, and the values of its parameters. */
export type Condition = { readonly text: string; readonly values: readonly Value[] };

const render = (before: number, condition: Sql | undefined): Condition =>
  condition
    ? {
        text: `AND ${renderSql(condition, (number) => `$${before + number}`)}`,
        values: condition.values.map(toValue),
      }
    : { text: "", values: [] };

/** To find all that fit, in a statement that has `before` parameters before those of the condition. */
export const conditionAfter = (before: number, fits: Fits | undefined): Condition =>
  render(before, fits?.condition);

/** To look whether one fits. */
export const checkAfter = (before: number, fits: Fits | undefined): Condition => render(before, fits?.check);

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
