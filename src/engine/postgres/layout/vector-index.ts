import { createHash } from "node:crypto";
import { escapeIdentifier, escapeLiteral } from "pg";

/** A component whose vectors are searched through an index of their own. */
export type IndexedVectors = {
  readonly component: string;
  readonly dimensions: number;
  readonly tag: string;
};

/** The same for the same vectors; on divided tables the name of a part's index begins so. */
export const indexName = (component: string, dimensions: number, tag: string): string =>
  `vectors_near_${createHash("sha256")
    .update(JSON.stringify([component, dimensions, tag]))
    .digest("hex")
    .slice(0, 16)}`;

/**
 * A graph of the vectors of one component, over all tenants (HNSW), made while others write. An index of pgvector holds
 * vectors of one length, which is why each component, and each model, has one of its own.
 * @param table quoted, with its schema; `part` tells its parts apart
 */
export const makeVectorIndex = (
  types: string,
  table: string,
  part: string,
  { component, dimensions, tag }: IndexedVectors,
): { readonly name: string; readonly sql: string } => {
  const name = indexName(component, dimensions, tag) + part;
  const sql = `CREATE INDEX CONCURRENTLY IF NOT EXISTS ${escapeIdentifier(name)} ON ${table}
    USING hnsw ((embedding::${types}.halfvec(${dimensions})) ${types}.halfvec_ip_ops)
    WHERE component = ${escapeLiteral(component)} AND dimensions = ${dimensions} AND tag = ${escapeLiteral(tag)}`;
  return { name, sql };
};
