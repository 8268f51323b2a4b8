/** Adds up numbers by index; an index is listed once it has one. */
export type Tally = { readonly sums: Float64Array; readonly listed: Int32Array; count: number };

export const newTally = (size: number): Tally => ({
  sums: new Float64Array(size),
  listed: new Int32Array(size),
  count: 0,
});

export const addTo = (tally: Tally, index: number, number: number): void => {
  if (number === 0) return;
  const sum = tally.sums[index] ?? 0;
  if (sum === 0) tally.listed[tally.count++] = index;
  tally.sums[index] = sum + number;
};
