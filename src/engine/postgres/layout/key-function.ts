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
