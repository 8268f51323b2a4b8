import Table from "cli-table3";
import { type Measure, peers } from "./measure.ts";
import type { Measured } from "./part.ts";
import type { Spread } from "./rounds.ts";

/** A part of the page. */
export type Section = Measured & {
  readonly title: string;
  readonly chart: string;
  readonly method: string;
};

export const isMet = ({ ratio, least }: Measure): boolean => least === undefined || ratio.median >= least;

const inDigits = (value: number): string => value.toFixed(value < 100 ? 2 : 0);

const spread = ({ low, high }: Spread): string => `${inDigits(low)} to ${inDigits(high)}`;

/** The table, its head first; of the peers those that took part. */
const rowsOf = (measures: readonly Measure[]): string[][] => {
  const present = peers.filter((peer) => measures.some((measure) => measure.peers.has(peer)));
  const head = [
    "What",
    "Against",
    "Ratio",
    "Quartiles",
    "Target",
    "",
    ...present.map((peer) => `to ${peer}`),
  ];
  const rows = measures.map((measure) => {
    const { name, against, ratio, least, ours, theirs } = measure;
    const mark = least === undefined ? "" : isMet(measure) ? "pass" : "fell short";
    const toPeers = present.map((peer) => {
      const found = measure.peers.get(peer);
      return found ? inDigits(found.median) : "";
    });
    const target = least === undefined ? "" : `≥ ${inDigits(least)}`;
    return [name, against, inDigits(ratio.median), spread(ratio), target, mark, ...toPeers, ours, theirs];
  });
  return [[...head, "Contextbase", "The other"], ...rows];
};

/** The table for a terminal. */
export const formatTable = (measures: readonly Measure[]): string => {
  const [head = [], ...rows] = rowsOf(measures);
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString();
};

type Pairs = readonly (readonly [name: string, value: string])[];

/** Names and values for a terminal. */
export const formatList = (pairs: Pairs): string =>
  pairs.map(([name, value]) => `${name}: ${value}`).join("\n");

const markdownTable = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** The page docs/benchmarks.md. */
export const formatPage = (sections: readonly Section[], machine: Pairs): string => `# Benchmarks

Written by \`npm run bench\`; do not edit. A ratio says how many times as fast Contextbase is as the other, so
that more is better. It is the median over rounds in which all sides took turns, with the quartiles beside it.
Every context has 1 KB of content, metadata, and an embedding of 384 dimensions.

${markdownTable([["", ""], ...machine])}
${sections.map(formatSection).join("")}`;

const formatSection = ({ title, chart, measures, circumstances, method }: Section): string => {
  const short = measures.filter((measure) => !isMet(measure));
  const list = short.map(({ name, against }) => `${name} against ${against}`).join("; ");
  return `
## ${title}

${short.length === 0 ? "Every target is met." : `Fell short of its target: ${list}.`}

![How far each ratio is from its target](${chart})

${markdownTable(rowsOf(measures))}

${markdownTable([["", ""], ...circumstances])}

### The method

${method}
`;
};
