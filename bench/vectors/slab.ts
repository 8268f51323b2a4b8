import { createSlab } from "../../src/search/vector/slab.ts";
import type { Row, RowFilter } from "./data.ts";
import type { VectorPeer } from "./peers.ts";
import { product } from "./truth.ts";

/**
 * Our slab, with the vectors beside it to settle the order by. The rows of a filter are known beforehand, as a bitmap
 * or as numbers: finding them is no part of this.
 */
export const buildSlab = async (rows: readonly Row[]): Promise<VectorPeer> => {
  const slab = createSlab(rows[0]?.vector.length ?? 0);
  for (const [number, { vector }] of rows.entries()) slab.set(number, vector);
  const among = amongOf(rows);
  return {
    name: "Contextbase slab",
    search: async (vector, limit, filter) =>
      slab
        .search(vector, limit, filter && among(filter))
        .map(({ slot }) => ({ slot, similarity: product(vector, rows[slot]?.vector ?? vector) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, limit)
        .map(({ slot }) => slot),
    close: () => undefined,
  };
};

const amongOf = (rows: readonly Row[]): ((filter: RowFilter) => Uint32Array) => {
  const lists = new Map<string, number[]>();
  for (const [number, row] of rows.entries())
    for (const column of ["tenth", "hundredth", "thousandth"] as const) {
      const key = `${column} ${row[column]}`;
      const list = lists.get(key) ?? [];
      list.push(number);
      lists.set(key, list);
    }
  const arrays = new Map([...lists].map(([key, list]) => [key, Uint32Array.from(list)]));
  return ({ column, value }) => arrays.get(`${column} ${value}`) ?? new Uint32Array(0);
};
