import type { Branch } from "./branches.ts";
import type { SchemaNode } from "./node.ts";

/** What a number may be at the least, or at the most. */
export type Bound = { readonly value: number; readonly exclusive: boolean };

type Side = { readonly inclusive: string; readonly exclusive: string; readonly sign: 1 | -1 };

export const sides = {
  minimum: { inclusive: "minimum", exclusive: "exclusiveMinimum", sign: 1 },
  maximum: { inclusive: "maximum", exclusive: "exclusiveMaximum", sign: -1 },
} as const satisfies Record<string, Side>;

const own = ({ keywords }: SchemaNode, { inclusive, exclusive }: Side): Bound[] =>
  [inclusive, exclusive].flatMap((keyword) => {
    const value = keywords[keyword];
    return typeof value === "number" ? [{ value, exclusive: keyword === exclusive }] : [];
  });

/** Whether what holds one bound holds the other, too. */
export const holds = (bound: Bound, other: Bound, { sign }: Side): boolean => {
  const further = (bound.value - other.value) * sign;
  return further > 0 || (bound.value === other.value && (bound.exclusive || !other.exclusive));
};

const toWhole = ({ value, exclusive }: Bound, { sign }: Side): Bound => {
  const whole = sign === 1 ? Math.ceil(value) : Math.floor(value);
  return { value: exclusive && whole === value ? whole + sign : whole, exclusive: false };
};

/** The tightest bound of a branch on one side. @param isWhole whether its numbers are whole ones */
export const boundOf = (branch: Branch, side: Side, isWhole: boolean): Bound => {
  const none = { value: side.sign * Number.NEGATIVE_INFINITY, exclusive: false };
  const tightest = branch
    .flatMap((node) => own(node, side))
    .reduce((one, other) => (holds(one, other, side) ? one : other), none);
  return isWhole && Number.isSafeInteger(Math.ceil(tightest.value)) ? toWhole(tightest, side) : tightest;
};

/** The largest of what a branch says by a keyword; `none` where it says nothing. */
export const largestOf = (branch: Branch, keyword: string, none: number): number =>
  branch.reduce((most, { keywords }) => Math.max(most, Number(keywords[keyword] ?? none)), none);

export const smallestOf = (branch: Branch, keyword: string, none: number): number =>
  branch.reduce((least, { keywords }) => Math.min(least, Number(keywords[keyword] ?? none)), none);
