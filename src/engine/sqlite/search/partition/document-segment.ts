import type { Json } from "../../../../base/json.ts";
import type { Column, Value } from "../../../in-memory/column.ts";
import type { Document, Documents } from "../../../in-memory/documents.ts";

/** Values of some slots: those that there are, and by slot the number of its value, from 1; 0 for none. */
type Coded = { readonly values: readonly Json[]; readonly codes: readonly number[] };

/** Documents as the search file has them, a list for each of their properties. */
type Segment = {
  readonly ids: readonly string[];
  readonly versions: readonly number[];
  readonly places: readonly number[];
  /** Left out by those who wrote before it was kept. */
  readonly rows?: readonly number[];
  readonly createdAt: readonly number[];
  readonly updatedAt: readonly number[];
  readonly schemaVersions: readonly number[];
  readonly types: Coded;
  readonly columns: readonly Coded[];
};

const encodeColumn = (column: Column, slots: readonly number[]): Coded => {
  const values: Json[] = [];
  const numbers = new Map<number, number>([[0, 0]]);
  const codes = slots.map((slot) => {
    const code = column.codes.array[slot] ?? 0;
    const known = numbers.get(code);
    const value = column.values[code];
    if (known !== undefined || value === undefined) return known ?? 0;
    const number = values.push(value);
    numbers.set(code, number);
    return number;
  });
  return { values, codes };
};

export const encodeSegment = (documents: Documents, slots: readonly number[]): string => {
  const segment: Segment = {
    ids: slots.map((slot) => documents.ids[slot] ?? ""),
    versions: slots.map((slot) => documents.versions.array[slot] ?? 0),
    places: slots.map((slot) => documents.places.array[slot] ?? 0),
    rows: slots.map((slot) => documents.rows.array[slot] ?? 0),
    createdAt: slots.map((slot) => documents.createdAt.array[slot] ?? 0),
    updatedAt: slots.map((slot) => documents.updatedAt.array[slot] ?? 0),
    schemaVersions: slots.map((slot) => documents.schemaVersions.array[slot] ?? 0),
    types: encodeColumn(documents.types, slots),
    columns: [...documents.columns.values()].map((column) => encodeColumn(column, slots)),
  };
  return JSON.stringify(segment);
};

const valueIn = ({ values, codes }: Coded, index: number): Value => {
  const code = codes[index] ?? 0;
  return code === 0 ? undefined : values[code - 1];
};

/** The documents of a segment, in the order of their slots. */
export function* decodeSegment(text: string): Generator<Document> {
  const segment: Segment = JSON.parse(text);
  for (const [index, id] of segment.ids.entries()) {
    yield {
      id,
      version: segment.versions[index] ?? 0,
      place: segment.places[index] ?? 0,
      row: segment.rows?.[index],
      type: String(valueIn(segment.types, index) ?? ""),
      createdAt: segment.createdAt[index] ?? 0,
      updatedAt: segment.updatedAt[index] ?? 0,
      schemaVersion: segment.schemaVersions[index] ?? 0,
      values: segment.columns.map((column) => valueIn(column, index)),
    };
  }
}
