import type { Run } from "../connection/run.ts";
import { statement } from "../connection/trip.ts";
import { type IndexedVectors, indexName } from "../layout/vector-index.ts";
import { createRecent } from "./recent.ts";

/** How long it is taken for true how large an index is. */
const knownMilliseconds = 30_000;

/** How many vectors an index of this name on the table $1 holds, or those of its parts; NULL where there is none. */
const selectSize = statement(`
  SELECT sum(greatest(i.reltuples, 0))::int8 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  WHERE x.indisvalid AND starts_with(i.relname::text, $2) AND x.indrelid IN (
    SELECT to_regclass($1) UNION ALL SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = to_regclass($1)
  )`);

/**
 * How many vectors the index of a component's holds, over all tenants, as it was found out not long ago; undefined
 * where there is none.
 */
export const createIndexSizes = (
  schema: string,
  read: Run["read"],
): ((tenant: string, of: IndexedVectors) => Promise<number | undefined>) => {
  const sizes = createRecent<number | undefined>(knownMilliseconds);
  return async (tenant, { component, dimensions, tag }) => {
    const asked = JSON.stringify([component, dimensions, tag]);
    const known = sizes.of(asked);
    if (known) return known.value;
    const values = [`${schema}.vectors`, indexName(component, dimensions, tag)];
    const [[row] = []] = await read(tenant, [{ statement: selectSize, values }]);
    const size = row?.[0] == null ? undefined : Number(row[0]);
    sizes.note(asked, size);
    return size;
  };
};
