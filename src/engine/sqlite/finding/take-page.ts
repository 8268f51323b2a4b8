import { limits } from "../../../base/limits.ts";
import type { ListPage, StoredContext } from "../../engine.ts";
import { type ContextRow, toStored } from "../layout/rows.ts";

/**
 * A page of rows: up to `limit`, and fewer where they are large.
 * @param rows one more than the limit, where there are as many
 */
export const takePage = <Row extends ContextRow>(
  rows: Iterable<Row>,
  limit: number,
  placeOf: (row: Row) => ListPage["next"],
): Omit<ListPage, "plan"> => {
  const contexts: StoredContext[] = [];
  const places: number[] = [];
  let bytes = 0;
  let last: Row | undefined;
  for (const row of rows) {
    if (contexts.length === limit || bytes > limits.pageBytes)
      return { contexts, places, next: last && placeOf(last) };
    const context = toStored(row);
    if (context) {
      contexts.push(context);
      places.push(row.place);
    }
    bytes += row.content.length + row.metadata.length + (row.embeddings?.length ?? 0);
    last = row;
  }
  return { contexts, places, next: undefined };
};
