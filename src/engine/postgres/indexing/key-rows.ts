/**
 * The rows of contexts: component, path, kind, number, text, place.
 * @param contexts what has their component, place, content and metadata, and holds only those that stand
 * @param paths of them rows are made; `key_paths`, or some of it
 */
const keyRows = (schema: string, contexts: string, paths: string): string => `
    SELECT b.component, p.path, v.kind, v.number, v.text, b.place
    FROM (
      SELECT component, place, content::jsonb AS content, metadata::jsonb AS metadata FROM ${contexts} c
      WHERE component IN (SELECT component FROM ${paths} p) OFFSET 0
    ) b
      JOIN ${paths} p ON p.component = b.component
      CROSS JOIN LATERAL ${schema}.key_values(
        CASE p.root WHEN 'content' THEN b.content ELSE b.metadata END, p.steps, p.numbered
      ) v`;

const insertKeys = (schema: string, rows: string): string => `
    INSERT INTO ${schema}.keys (tenant, component, path, kind, number, text, place)
    SELECT $1, component, path, kind, number, text, place FROM ${rows} ON CONFLICT DO NOTHING`;

/**
 * Parts of a WITH: rows that stand already are left alone, and those of what was before, as far as they differ, go.
 * The paths are read within the statement, so that one which was noted a moment ago is followed.
 * @param written what has component, place, content, metadata and `removed`, of each context that is written
 */
export const writeKeys = (schema: string, written: string): string => `
  standing AS (SELECT component, place, content, metadata FROM ${written} WHERE NOT removed),
  derived AS MATERIALIZED (${keyRows(schema, "standing", `${schema}.key_paths`)}
  ),
  unkeyed AS (
    DELETE FROM ${schema}.keys k WHERE tenant = $1
      AND place = ANY (ARRAY(
        SELECT place FROM ${written} WHERE component IN (SELECT component FROM ${schema}.key_paths)
      ))
      AND NOT EXISTS (
        SELECT FROM derived d WHERE d.place = k.place AND d.path = k.path AND d.kind = k.kind AND d.number = k.number
          AND d.text = k.text
      )
  ),
  keyed AS (${insertKeys(schema, "derived")}
  )`;

/** The rows of contexts that were there before their path was noted. @param contexts, paths as of `keyRows` */
export const fillKeys = (schema: string, contexts: string, paths: string): string =>
  insertKeys(schema, `(${keyRows(schema, contexts, paths)}) AS derived`);

/**
 * Of a tenant that has nothing yet, the rows of every path that is noted by now are complete; and so are the parts $3 of
 * the components $2, which whoever writes first keeps.
 */
export const markNewTenant = (schema: string, made: string): string =>
  `INSERT INTO ${schema}.filled (tenant, component, part, place, done)
    SELECT m.tenant, p.component, p.part, 0, true FROM ${made} m CROSS JOIN (
      SELECT component, path AS part FROM ${schema}.key_paths
      UNION ALL SELECT * FROM unnest($2::text[], $3::text[])
    ) p ON CONFLICT DO NOTHING`;
