import type { Component } from "../../model/component.ts";
import type { RetentionRules } from "../../model/retention.ts";

/** How long after a version was superseded a retention may cease to keep it: at once, and where a step of it ends. */
const lagsOf = ({ steps }: RetentionRules): readonly number[] => [
  0,
  ...steps.flat().flatMap(({ within }) => (Number.isFinite(within) ? [within] : [])),
];

/** Components with the retentions that may cease to keep a version so long after it was superseded. */
export type Lag = { readonly milliseconds: number; readonly rules: ReadonlyMap<string, RetentionRules> };

export const rulesOf = (components: Iterable<Component>): ReadonlyMap<string, RetentionRules> =>
  new Map([...components].flatMap(({ name, retention }) => (retention ? [[name, retention] as const] : [])));

/** All of them, the shortest first. */
export const lagsOfAll = (rules: ReadonlyMap<string, RetentionRules>): readonly Lag[] => {
  const all = new Set([...rules.values()].flatMap(lagsOf));
  return [...all]
    .toSorted((one, other) => one - other)
    .map((milliseconds) => ({
      milliseconds,
      rules: new Map([...rules].filter(([, retention]) => lagsOf(retention).includes(milliseconds))),
    }));
};
