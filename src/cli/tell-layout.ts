/** What is to be done to a store's layout. */
export type LayoutPlan = {
  readonly current: number;
  readonly target: number;
  readonly pending: readonly string[];
  readonly transactions: readonly string[];
  readonly more?: readonly string[];
};

/** A plan for people: where the layout stands, and what is done one after another. */
export const tellPlan = ({ current, target, pending, more = [] }: LayoutPlan, place: string): string[] => [
  `${place}: store layout ${current === target ? `${current}, the newest` : `${current} → ${target}`}`,
  ...pending.map((name, index) => `  ${current + index + 1}. ${name}`),
  ...more.map((one) => `  ${one}`),
];

/** A plan as SQL that can be run by hand. */
export const toSql = ({ transactions }: LayoutPlan): string =>
  transactions.map((sql) => `BEGIN;\n${sql.replace(/^\s*\n/, "").trimEnd()}\nCOMMIT;`).join("\n\n");

/** A plan for programs. */
export const toFields = (plan: LayoutPlan, { done, dryRun }: { done: boolean; dryRun: boolean }) => ({
  layout: done ? plan.target : plan.current,
  newest: plan.target,
  pending: plan.pending,
  more: plan.more ?? [],
  done,
  ...(dryRun && { sql: toSql(plan) }),
});
