import { type Statement, statement } from "../connection/trip.ts";
import { bodyColumns, bodyJoin } from "../reading/versions.ts";

export type PruneStatements = {
  /** Versions of contexts, those of each newest first, with the one that stands. */
  readonly heads: Statement;
  /** Bodies of versions of one context. */
  readonly bodies: Statement;
  /** Removes versions of one context. It gives how many: all, or none where others packed or removed some meanwhile. */
  readonly remove: Statement;
};

const inKey = "tenant = $1 AND component = $2 AND id = $3";

/**
 * The rows are locked first, in their order, as they stand by then: only where each version that is kept has its
 * dictionary still is anything done.
 */
const removeFrom = (schema: string): string => `
  WITH given AS MATERIALIZED (
    SELECT * FROM unnest($7::int8[], $8::int8[], $9::int8[], $10::int4[], $11::bytea[])
      AS g (version, superseded_at, dictionary, encoding, body)
  ),
  locked AS MATERIALIZED (
    SELECT version, dictionary FROM ${schema}.versions
    WHERE ${inKey} AND version >= $4 AND version <= $5 ORDER BY version FOR UPDATE
  ),
  fits AS MATERIALIZED (
    SELECT NOT EXISTS (
      SELECT FROM locked l LEFT JOIN given g ON g.version = l.version AND g.body IS NOT NULL
      WHERE l.dictionary = ANY ($6::int8[]) AND l.version <> ALL ($6::int8[]) AND g.version IS NULL
    ) AND NOT EXISTS (
      SELECT FROM given WHERE dictionary IS NOT NULL AND dictionary NOT IN (SELECT version FROM locked)
    ) AS yes
  ),
  changed AS (
    UPDATE ${schema}.versions v SET superseded_at = coalesce(v.superseded_at, g.superseded_at),
      dictionary = CASE WHEN g.body IS NULL THEN v.dictionary ELSE g.dictionary END,
      encoding = coalesce(g.encoding, v.encoding), body = coalesce(g.body, v.body)
    FROM given g WHERE v.tenant = $1 AND v.component = $2 AND v.id = $3 AND v.version = g.version
      AND (SELECT yes FROM fits)
  ),
  forgotten AS (
    DELETE FROM ${schema}.originals WHERE ${inKey} AND version = ANY ($6::int8[]) AND (SELECT yes FROM fits)
  ),
  removed AS (
    DELETE FROM ${schema}.versions WHERE ${inKey} AND version = ANY ($6::int8[]) AND (SELECT yes FROM fits)
    RETURNING version
  )
  SELECT count(*) FROM removed`;

/** @param schema quoted */
export const createPruneStatements = (schema: string): PruneStatements => ({
  heads: statement(`
    SELECT a.nth, c.version, c.updated_at, v.version, v.updated_at, v.superseded_at, v.dictionary
    FROM unnest($3::text[]) WITH ORDINALITY AS a (id, nth)
      CROSS JOIN LATERAL (
        SELECT version, updated_at FROM ${schema}.contexts
        WHERE tenant = $1 AND component = $2 AND id = a.id OFFSET 0
      ) c
      CROSS JOIN LATERAL (
        SELECT version, updated_at, superseded_at, dictionary FROM ${schema}.versions
        WHERE tenant = $1 AND component = $2 AND id = a.id AND version < $4
        ORDER BY version DESC LIMIT $5
      ) v
    ORDER BY a.nth, v.version DESC`),
  bodies: statement(`
    SELECT v.version, ${bodyColumns("v")} FROM ${schema}.versions v ${bodyJoin(schema, "v")}
    WHERE v.tenant = $1 AND v.component = $2 AND v.id = $3 AND v.version = ANY ($4::int8[])`),
  remove: statement(removeFrom(schema)),
});
