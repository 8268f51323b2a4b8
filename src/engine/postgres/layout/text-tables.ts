import { type TenantTable, keyText as text } from "./tenant-table.ts";

/**
 * The text of each current context that has one, as its terms with their places, and how many there are of a tenant,
 * component and set of rules. Terms lie uncompressed in their row up to a page's size: a search looks at thousands.
 */
export const textTables: readonly TenantTable[] = [
  {
    name: "texts",
    columns: `
    tenant ${text}, component ${text}, place bigint NOT NULL, id ${text}, version bigint NOT NULL,
    rules ${text}, length integer NOT NULL, terms tsvector NOT NULL,
    PRIMARY KEY (tenant, component, place)`,
    storage: "toast_tuple_target = 8160, fillfactor = 90",
    after: (table) => `
  ALTER TABLE ${table} ALTER COLUMN terms SET STORAGE EXTERNAL;
  CREATE INDEX texts_by_term ON ${table} USING gin (terms) WITH (gin_pending_list_limit = 512);`,
  },
  {
    name: "text_totals",
    columns: `
    tenant ${text}, component ${text}, rules ${text}, documents bigint NOT NULL, length bigint NOT NULL,
    PRIMARY KEY (tenant, component, rules)`,
    storage: "fillfactor = 20",
  },
];

/**
 * Parts of a WITH that put texts where they belong, and count.
 * @param written what has component, place, id, version and `removed` of each context that is written, and rules,
 * length and terms of its text: NULL where it has none
 */
export const writeTexts = (schema: string, written: string): string => `
  replaced AS MATERIALIZED (
    SELECT component, rules, length FROM ${schema}.texts WHERE tenant = $1
      AND component = ANY (ARRAY(SELECT DISTINCT component FROM ${written}))
      AND place = ANY (ARRAY(SELECT place FROM ${written}))
  ),
  untexted AS (
    DELETE FROM ${schema}.texts WHERE tenant = $1
      AND component = ANY (ARRAY(SELECT DISTINCT component FROM ${written} WHERE terms IS NULL))
      AND place = ANY (ARRAY(SELECT place FROM ${written} WHERE terms IS NULL))
  ),
  texted AS (
    INSERT INTO ${schema}.texts (tenant, component, place, id, version, rules, length, terms)
    SELECT $1, component, place, id, version, rules, length, terms::tsvector FROM ${written} WHERE terms IS NOT NULL
    ON CONFLICT (tenant, component, place) DO UPDATE SET version = excluded.version, rules = excluded.rules,
      length = excluded.length, terms = excluded.terms
  ),
  counted AS (
    INSERT INTO ${schema}.text_totals AS t (tenant, component, rules, documents, length)
    SELECT $1, component, rules, sum(documents), sum(length) FROM (
      SELECT component, rules, 1 AS documents, length FROM ${written} WHERE terms IS NOT NULL
      UNION ALL SELECT component, rules, -1, -length FROM replaced
    ) d GROUP BY component, rules
    ON CONFLICT (tenant, component, rules)
      DO UPDATE SET documents = t.documents + excluded.documents, length = t.length + excluded.length
  )`;
