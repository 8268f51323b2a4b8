import { escapeLiteral } from "pg";
import { elementKind, keyElements, keyKinds, keyTextCharacters, longMark } from "../../finding/key-values.ts";

/** What `keyValue` gives of a JSON value; NULL stands for nothing. */
const keyValueOf = (value: string): string => `
      CASE jsonb_typeof(${value})
        WHEN 'null' THEN ${keyKinds.null} WHEN 'boolean' THEN ${keyKinds.boolean} WHEN 'number' THEN ${keyKinds.number}
        WHEN 'string' THEN ${keyKinds.string} WHEN 'array' THEN ${keyKinds.array} WHEN 'object' THEN ${keyKinds.object}
        ELSE ${keyKinds.missing} END,
      CASE jsonb_typeof(${value})
        WHEN 'number' THEN (${value} #>> '{}')::float8 WHEN 'boolean' THEN (${value})::bool::int
        WHEN 'array' THEN least(jsonb_array_length(${value}), ${keyElements + 1}) ELSE 0 END,
      CASE WHEN ${value} IS NULL OR jsonb_typeof(${value}) <> 'string' THEN ''
        WHEN char_length(${value} #>> '{}') > ${keyTextCharacters}
          THEN left(${value} #>> '{}', ${keyTextCharacters}) || '${longMark}'
        ELSE ${value} #>> '{}' END`;

/**
 * What `keyValues` gives, as a function of the database: written into the statements that use it, its expressions
 * would cost each of their executions more than all else of them. PostgreSQL takes a step for the place of an element
 * where it looks like one; a path leads through objects alone.
 * @param schema quoted
 */
export const keyValuesFunction = (schema: string): string => `
  CREATE FUNCTION ${schema}.key_values(body jsonb, steps text[], numbered boolean)
    RETURNS TABLE (kind integer, number float8, text text) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS ${escapeLiteral(`
  DECLARE
    value jsonb := body #> steps;
  BEGIN
    IF numbered AND NOT coalesce((
      SELECT bool_and(jsonb_typeof(body #> steps[:step]) = 'object') FROM generate_series(0, cardinality(steps) - 1) step
    ), true) THEN value := NULL; END IF;
    RETURN QUERY SELECT ${keyValueOf("value")};
    IF jsonb_typeof(value) = 'array' AND jsonb_array_length(value) <= ${keyElements} THEN
      RETURN QUERY SELECT DISTINCT v.kind + ${elementKind}, v.number, v.text FROM jsonb_array_elements(value) AS e (element)
        CROSS JOIN LATERAL (SELECT ${keyValueOf("e.element")}) AS v (kind, number, text);
    END IF;
  END`)};`;

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
