import type { PlanStep } from "../../../model/searching.ts";
import { renderSql, type Sql, type SqlValue } from "../../../search/filter/sql.ts";
import { textArray } from "../connection/binary-array.ts";
import { type Statement, statement, type Value } from "../connection/trip.ts";

/** What a context must fit, as a condition on the row `c` of `contexts`, and how that is found out. */
export type Fits = {
  /** To find all that fit. */
  readonly condition: Sql;
  /** The same, to look whether one fits. */
  readonly check: Sql;
  /** Where each that fits has one row in `keys`, and no other has: the condition on that row, `k`. */
  readonly rows?: Sql;
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

/** The conditions of a statement that finds all that fit, or looks whether one does. */
export type Filtering = {
  /** Of `keys` as `k`, or of `contexts` as `c`. */
  readonly of: "keys" | "contexts";
  readonly condition: string;
  readonly check: string;
  readonly values: readonly Value[];
  /** Those of the check alone, where it has its own. */
  readonly checkValues: readonly Value[];
};

export const filteringAfter = (before: number, fits: Fits): Filtering => {
  const { rows } = fits;
  if (rows) {
    const { text, values } = render(before, rows);
    return { of: "keys", condition: text, check: text, values, checkValues: [] };
  }
  const condition = conditionAfter(before, fits);
  const check = render(before + condition.values.length, fits.check);
  return {
    of: "contexts",
    condition: condition.text,
    check: check.text,
    values: condition.values,
    checkValues: check.values,
  };
};

/** Statements of so many shapes stay prepared; others are planned whenever they are sent. */
const keptShapes = 200;

/**
 * Names the statements of filters, of which there may be any number of shapes.
 * @returns the statement of a shape: its text, or what stands for it shortly, with what makes the text of it
 */
export const createShapes = (): ((shape: string, make?: () => string) => Statement) => {
  const shapes = new Map<string, Statement>();
  return (shape, make = () => shape) => {
    const known = shapes.get(shape);
    if (known) return known;
    const text = make();
    if (shapes.size >= keptShapes) return { name: "", text };
    const made = statement(text);
    shapes.set(shape, made);
    return made;
  };
};
