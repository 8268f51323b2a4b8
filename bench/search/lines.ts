import { loadavg } from "node:os";
import { describeMachine } from "../machine.ts";
import { formatList } from "../report.ts";
import type { Spread } from "../rounds.ts";

/** One line of what a benchmark prints. */
export type Line = {
  readonly what: string;
  /** What the value is a ratio to, where it is one. */
  readonly against?: string;
  readonly value: number;
  readonly spread?: Spread;
  /** The target, where there is one. */
  readonly most?: number;
  readonly least?: number;
  /** Absolutes with their unit, as information. */
  readonly ours?: string;
  readonly theirs?: string;
};

const isMet = ({ value, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Line): boolean =>
  value <= most && value >= least;

const inDigits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);

export const milliseconds = (value: number): string => `${inDigits(value)} ms`;

const targetOf = ({ most, least }: Line): string =>
  most !== undefined ? `≤ ${most}` : least !== undefined ? `≥ ${least}` : "";

const rowOf = (line: Line): string[] => {
  const { what, against = "", value, spread, ours = "", theirs = "" } = line;
  const quartiles = spread ? `${inDigits(spread.low)} to ${inDigits(spread.high)}` : "";
  const target = targetOf(line);
  const verdict = target === "" ? "" : isMet(line) ? "pass" : "fell short";
  return [what, against, inDigits(value), quartiles, target, verdict, ours, theirs];
};

const head = ["What", "Against", "Value", "Quartiles", "Target", "", "Contextbase", "The other"];

/** A Markdown table whose columns stand under each other in a terminal, too. */
const formatTable = (rows: readonly (readonly string[])[]): string => {
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3));
  const format = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...others] = rows;
  return [first, widths.map((width) => "-".repeat(width)), ...others].map(format).join("\n");
};

/** Prints what the figures depend on. */
export const printMachine = (): void => {
  const load = loadavg()[0]?.toFixed(2) ?? "";
  console.log(formatList([...describeMachine(), ["Load of the machine before the run", load]]));
};

/** Prints the lines, and how many of them fell short of their target; that makes the exit code 1. */
export const printLines = (lines: readonly Line[]): void => {
  console.log(`\n${formatTable([head, ...lines.map(rowOf)])}\n`);
  const short = lines.filter((line) => !isMet(line)).length;
  console.log(short === 0 ? "Every target is met." : `${short} fell short of the target.`);
  if (short > 0) process.exitCode = 1;
};
