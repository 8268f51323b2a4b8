import type { Operation } from "../../../model/context-store.ts";
import type { Change, StoredContext } from "../../engine.ts";
import type { Row } from "./trip.ts";

/** Columns are read by their place: PostgreSQL sends each as a text, or null. */
export const textOf = (row: Row, column: number): string => row[column] ?? "";
export const numberOf = (row: Row, column: number): number => Number(row[column] ?? Number.NaN);
export const optionalNumberOf = (row: Row, column: number): number | undefined =>
  row[column] == null ? undefined : numberOf(row, column);
export const bytesOf = (row: Row, column: number): Buffer | undefined => {
  const hex = row[column];
  return hex == null ? undefined : Buffer.from(hex, "hex");
};

/** Bytes travel as hexadecimal text, whatever `bytea_output` says. */
export const asHex = (column: string): string => `encode(${column}, 'hex')`;

const columnsWith = (table: string, embeddings: string): string =>
  [
    ...["id", "type", "schema_version", "version", "created_at", "updated_at", "content", "metadata"].map(
      (column) => `${table}.${column}`,
    ),
    embeddings,
    `${table}.expires_at`,
  ].join(", ");

/** @param table the name by which a statement calls `contexts` */
export const storedColumns = (table: string): string => columnsWith(table, asHex(`${table}.embeddings`));

/** The same without the embeddings, which are by far the longest: for who has them. */
export const bareColumns = (table: string): string => columnsWith(table, "NULL");

/** A row of `storedColumns`. */
export const toStored = (component: string, row: Row): StoredContext => ({
  component,
  id: textOf(row, 0),
  type: textOf(row, 1),
  schemaVersion: numberOf(row, 2),
  version: numberOf(row, 3),
  createdAt: numberOf(row, 4),
  updatedAt: numberOf(row, 5),
  content: textOf(row, 6),
  metadata: textOf(row, 7),
  embeddings: bytesOf(row, 8),
  expiresAt: optionalNumberOf(row, 9),
});

export const operationOf = (text: string): Operation => (text === "delete" ? "delete" : "store");

export const changeColumns = (table: string): string =>
  ["position", "operation", "component", "id", "type", "version", "at", "actor", "write"]
    .map((column) => `${table}.${column}`)
    .join(", ");

/** A row that begins with `changeColumns`. */
export const toChange = (row: Row): Change => ({
  position: numberOf(row, 0),
  operation: operationOf(textOf(row, 1)),
  component: textOf(row, 2),
  id: textOf(row, 3),
  type: textOf(row, 4),
  version: numberOf(row, 5),
  at: numberOf(row, 6),
  actor: textOf(row, 7),
  write: textOf(row, 8),
});
