import { elementKind, keyElements, keyKinds, keyTextCharacters, longMark } from "../key-values.ts";

/** A statement's parts that keep `keys` in step with the contexts that it writes. */

/** What `keyValue` gives of a JSON value; NULL stands for nothing. */
const kindOf = (value: string): string => `CASE jsonb_typeof(${value})
    WHEN 'null' THEN ${keyKinds.null} WHEN 'boolean' THEN ${keyKinds.boolean} WHEN 'number' THEN ${keyKinds.number}
    WHEN 'string' THEN ${keyKinds.string} WHEN 'array' THEN ${keyKinds.array} WHEN 'object' THEN ${keyKinds.object}
    ELSE ${keyKinds.missing} END`;

const numberOf = (value: string): string => `CASE jsonb_typeof(${value})
    WHEN 'number' THEN (${value} #>> '{}')::float8 WHEN 'boolean' THEN (${value})::bool::int
    WHEN 'array' THEN least(jsonb_array_length(${value}), ${keyElements + 1}) ELSE 0 END`;

const textOf = (
  value: string,
): string => `CASE WHEN jsonb_typeof(${value}) <> 'string' OR ${value} IS NULL THEN ''
    WHEN char_length(${value} #>> '{}') > ${keyTextCharacters}
      THEN left(${value} #>> '{}', ${keyTextCharacters}) || '${longMark}'
    ELSE ${value} #>> '{}' END`;

/** The elements that have rows. */
const elementsOf = (value: string): string => `jsonb_array_elements(
          CASE WHEN jsonb_typeof(${value}) = 'array' AND ${numberOf(value)} <= ${keyElements} THEN ${value}
            ELSE '[]' END
        )`;

/** PostgreSQL takes a step for the place of an element where it looks like one; a path leads through objects alone. */
const throughObjects = (body: string): string => `(NOT p.numbered OR (
      SELECT bool_and(jsonb_typeof(${body} #> p.steps[:step]) = 'object')
      FROM generate_series(0, cardinality(p.steps) - 1) step
    ))`;

/**
 * The rows of contexts: component, path, kind, number, text, place.
 * @param contexts what has their component, place, content and metadata, and holds only those that stand
 * @param paths of them rows are made; `key_paths`, or some of it
 */
const keyRows = (contexts: string, paths: string): string => `
    SELECT DISTINCT b.component, p.path, v.kind + v.more AS kind, v.number, v.text, b.place
    FROM (
      SELECT component, place, content::jsonb AS content, metadata::jsonb AS metadata FROM ${contexts} c
      WHERE component IN (SELECT component FROM ${paths} p) OFFSET 0
    ) b
      JOIN ${paths} p ON p.component = b.component
      CROSS JOIN LATERAL (SELECT CASE p.root WHEN 'content' THEN b.content ELSE b.metadata END AS body) r
      CROSS JOIN LATERAL (
        SELECT CASE WHEN ${throughObjects("r.body")} THEN r.body #> p.steps END AS value OFFSET 0
      ) f
      CROSS JOIN LATERAL (
        SELECT 0 AS more, ${kindOf("f.value")} AS kind, ${numberOf("f.value")} AS number, ${textOf("f.value")} AS text
        UNION ALL
        SELECT ${elementKind}, ${kindOf("e.value")}, ${numberOf("e.value")}, ${textOf("e.value")}
        FROM ${elementsOf("f.value")} AS e (value)
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
  derived AS MATERIALIZED (${keyRows("standing", `${schema}.key_paths`)}
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
  insertKeys(schema, `(${keyRows(contexts, paths)}) AS derived`);

/** Of a tenant that has nothing yet, the rows of every path that is noted by now are complete. */
export const markNewTenant = (schema: string, made: string): string =>
  `INSERT INTO ${schema}.filled (tenant, component, part, place, done)
    SELECT m.tenant, p.component, p.path, 0, true FROM ${made} m CROSS JOIN ${schema}.key_paths p
    ON CONFLICT DO NOTHING`;
