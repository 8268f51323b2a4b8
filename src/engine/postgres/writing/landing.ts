/**
 * How the rows of new versions land in the tables, in a commit and in a restore alike. Each takes a SELECT that gives
 * the columns in their order.
 */

/**
 * What is superseded, as it was.
 * @param schema quoted
 * @param more a column that the rows have beside
 */
export const insertVersions = (schema: string, rows: string, more?: "superseded_at"): string => `
    INSERT INTO ${schema}.versions (tenant, component, id, version, deleted, type, schema_version, updated_at, actor,
      content, metadata, embeddings, parent, expires_at${more ? `, ${more}` : ""})
    ${rows}`;

/** What is current from now on: the row of a new id, or over the one that stands. */
export const insertContexts = (schema: string, rows: string): string => `
    INSERT INTO ${schema}.contexts (tenant, component, id, version, deleted, place, type, schema_version,
      created_at, updated_at, actor, content, metadata, embeddings, parent, expires_at)
    ${rows}
    ON CONFLICT (tenant, component, id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted,
      type = excluded.type, schema_version = excluded.schema_version, updated_at = excluded.updated_at,
      actor = excluded.actor, content = excluded.content, metadata = excluded.metadata,
      embeddings = excluded.embeddings, parent = excluded.parent, expires_at = excluded.expires_at`;

/** The entries of the change log. @param from what has the columns of a change, and whether it was `removed` */
export const insertChanges = (schema: string, from: string): string => `
    INSERT INTO ${schema}.changes (tenant, position, operation, component, id, type, version, at, actor, write)
    SELECT $1, position, CASE WHEN removed THEN 'delete' ELSE 'store' END, component, id, type, version, at,
      actor, write
    FROM ${from}`;
