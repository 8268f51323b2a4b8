import Table from "cli-table3";
import { type Measure, peers } from "./measure.ts";
import type { Spread } from "./rounds.ts";

const head = [
  "What",
  "Against",
  "Ratio",
  "Quartiles",
  "Target",
  "",
  ...peers.map((peer) => `to ${peer}`),
  "Contextbase",
  "The other",
];

export const isMet = ({ ratio, least }: Measure): boolean => least === undefined || ratio.median >= least;

const inDigits = (value: number): string => value.toFixed(value < 100 ? 2 : 0);

const spread = ({ low, high }: Spread): string => `${inDigits(low)} to ${inDigits(high)}`;

const cellsOf = (measure: Measure): string[] => {
  const { name, against, ratio, least, ours, theirs } = measure;
  const mark = least === undefined ? "" : isMet(measure) ? "pass" : "fell short";
  const toPeers = peers.map((peer) => {
    const found = measure.peers.get(peer);
    return found ? inDigits(found.median) : "";
  });
  const target = least === undefined ? "" : `≥ ${inDigits(least)}`;
  return [name, against, inDigits(ratio.median), spread(ratio), target, mark, ...toPeers, ours, theirs];
};

/** The table for a terminal. */
export const formatTable = (measures: readonly Measure[]): string => {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...measures.map(cellsOf));
  return table.toString();
};

const markdownTable = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `| ${row.join(" | ")} |`).join("\n");

/** The page docs/benchmarks.md. */
export const formatPage = (
  measures: readonly Measure[],
  machine: readonly (readonly string[])[],
  method: string,
): string => {
  const short = measures.filter((measure) => !isMet(measure)).map(({ name }) => name);
  const rule = (cells: readonly string[]): string[] => cells.map(() => "---");
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. A ratio says how many times as fast Contextbase is as the other, so
that more is better. It is the median over rounds in which all sides took turns, with the quartiles beside it.
${short.length === 0 ? "Every target is met." : `Fell short of its target: ${short.join("; ")}.`}

![How far each ratio is from its target](benchmarks.svg)

${markdownTable([head, rule(head), ...measures.map(cellsOf)])}

## The machine

${markdownTable([["", ""], ["---", "---"], ...machine])}

## The method

${method}
`;
};
