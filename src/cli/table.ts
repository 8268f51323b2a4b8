import { styleText } from "node:util";
import { harmless } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";

/** A column takes what its cells need, up to this share of the terminal's width; the last one takes the rest. */
const widestShare = 0.4;
const gap = 2;

const noLines = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((side) =>
    ["", "-mid", "-left", "-right"].map((part) => [`${side}${part}`, ""]),
  ),
);

/**
 * Prints rows for people: a table as wide as the terminal, or, where the output goes elsewhere, tabs between
 * the cells and nothing cut off.
 */
export const printTable = async (
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> => {
  const { isTTY, columns = 80 } = process.stdout;
  const shown = rows.map((row) => row.map(harmless));
  if (!isTTY) {
    for (const row of shown) await terminal.print(row.join("\t"));
    return;
  }
  // Loaded for a terminal alone.
  const { default: Table } = await import("cli-table3");
  const table = new Table({
    head: head.map((name) => styleText("bold", name)),
    colWidths: widthsOf([head, ...shown], columns),
    chars: { ...noLines, middle: "" },
    style: { "padding-left": 0, "padding-right": gap, head: [], border: [] },
  });
  table.push(...shown.map((row) => [...row]));
  await terminal.print(table.toString().replaceAll(/[ \t]+$/gm, ""));
};

const widthsOf = (rows: readonly (readonly string[])[], columns: number): number[] => {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length + gap);
    }
  }
  const most = Math.floor(columns * widestShare);
  const narrowed = widths.slice(0, -1).map((width) => Math.min(width, most));
  const rest = columns - narrowed.reduce((sum, width) => sum + width, 0);
  return [...narrowed, Math.max(Math.min(widths.at(-1) ?? 0, rest), 10)];
};
