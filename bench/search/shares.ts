import { seeded } from "../text.ts";
import type { Row, RowFilter } from "../vectors/data.ts";

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

/** The numbers of the nearest rows by cosine, all rows compared. Rows and vector are of length 1. */
export const nearest = (
  rows: readonly Row[],
  vector: Float32Array,
  limit: number,
  filter: RowFilter | undefined,
): number[] => {
  const found: { readonly number: number; readonly similarity: number }[] = [];
  for (const [number, row] of rows.entries()) {
    if (filter && row[filter.column] !== filter.value) continue;
    const similarity = dotProduct(row.vector, vector);
    const last = found.at(-1);
    if (found.length === limit && last && similarity <= last.similarity) continue;
    const place = found.findIndex((one) => one.similarity < similarity);
    found.splice(place < 0 ? found.length : place, 0, { number, similarity });
    if (found.length > limit) found.pop();
  }
  return found.map(({ number }) => number);
};

const dotProduct = (one: Float32Array, other: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
};

/** What part of what is right was found. */
export const recallOf = (found: readonly number[], right: readonly number[]): number =>
  right.length === 0 ? 1 : right.filter((number) => found.includes(number)).length / right.length;
