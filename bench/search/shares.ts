import { seeded } from "../text.ts";
import type { RowFilter } from "../vectors/data.ts";

/** How much of the rows a search is among. */
export type Share = { readonly name: string; readonly column: RowFilter["column"] | undefined };

export const unfiltered: Share = { name: "unfiltered", column: undefined };

export const shares: readonly Share[] = [
  unfiltered,
  { name: "10 %", column: "tenth" },
  { name: "1 %", column: "hundredth" },
  { name: "0.1 %", column: "thousandth" },
];

const values = { tenth: 10, hundredth: 100, thousandth: 1_000 } as const;

/** The filter of a call: its value is another from call to call, at random, the same for the same number. */
export const filterOf = ({ column }: Share, number: number): RowFilter | undefined =>
  column && { column, value: Math.floor(seeded(number + values[column])() * values[column]) };
