import { removedSchemaVersion } from "../../versions/removed-entry.ts";
import { writeKeys } from "../indexing/key-rows.ts";
import { type FoundKept, writeFound } from "../indexing/write-found.ts";
import { insertChanges, insertContexts, insertVersions } from "./landing.ts";

/** Of a version: the one after it, where that is gone. */
const nextGone = (table: string): string =>
  `LEFT JOIN entry g ON g.component = ${table}.component AND g.id = ${table}.id AND g.version = ${table}.version + 1 AND g.gone`;

/** The parameter behind those of the entries themselves. */
const foundFrom = 18;

/**
 * Appends entries as they are, where the first follows the tenant's last position, and the versions of each id its
 * last one. What stood is superseded, and so is every entry but the newest of its id. One that retention removed
 * (`gone`) makes no version: the one before it keeps the time at which it was superseded. Where there is none before
 * it, the row that stands for it is a deletion of no schema version, until the next one takes its place.
 * @param schema quoted
 * @param found what else is kept of contexts, of more parameters: see `foundValues`
 */
export const restoreStatement = (schema: string, found?: FoundKept): string => `
  WITH given AS MATERIALIZED (
    SELECT e.*, e.deletes OR e.gone AS removed FROM unnest($2::int8[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::int8[], $8::int8[],
        $9::text[], $10::text[], $11::int4[], $12::text[], $13::text[], $14::bytea[], $15::int8[], $16::int8[],
        $17::bool[]) WITH ORDINALITY
      AS e (position, deletes, component, id, type, version, at, actor, write, schema_version, content, metadata,
        embeddings, parent, expires_at, gone, ord)
    WHERE EXISTS (SELECT FROM ${schema}.tenants WHERE tenant = $1 AND position = ($2::int8[])[1] - 1)
  ),
  newest AS MATERIALIZED (
    SELECT component, id, min(version) AS oldest, max(version) AS newest, count(DISTINCT version) AS versions,
      min(at) AS created_at, min(position) AS place
    FROM given GROUP BY component, id
  ),
  stood AS MATERIALIZED (
    SELECT c.* FROM newest n CROSS JOIN LATERAL (
      SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = n.component AND id = n.id OFFSET 0
    ) c
  ),
  entry AS MATERIALIZED (
    SELECT * FROM given WHERE NOT EXISTS (
      SELECT FROM newest n LEFT JOIN stood s USING (component, id)
      WHERE n.oldest <> coalesce(s.version, 0) + 1 OR n.newest - n.oldest + 1 <> n.versions
    )
  ),
  kept AS (${insertVersions(
    schema,
    `SELECT $1, s.component, s.id, s.version, s.deleted, s.type, s.schema_version, s.updated_at, s.actor, s.content,
      s.metadata, s.embeddings, s.parent, s.expires_at, g.at
    FROM stood s ${nextGone("s")}
    WHERE EXISTS (SELECT FROM entry) AND s.schema_version <> ${removedSchemaVersion}
    UNION ALL
    SELECT $1, e.component, e.id, e.version, e.removed, e.type, e.schema_version, e.at, e.actor, e.content,
      e.metadata, e.embeddings, e.parent, e.expires_at, g.at
    FROM entry e JOIN newest n USING (component, id) ${nextGone("e")} WHERE e.version < n.newest AND NOT e.gone`,
    "superseded_at",
  )}
  ),
  landed AS (${insertContexts(
    schema,
    `SELECT $1, e.component, e.id, e.version, e.removed, coalesce(s.place, n.place), e.type, e.schema_version,
      coalesce(s.created_at, n.created_at), e.at, e.actor, e.content, e.metadata, e.embeddings,
      e.parent, e.expires_at
    FROM entry e JOIN newest n ON n.component = e.component AND n.id = e.id AND n.newest = e.version
      LEFT JOIN stood s ON s.component = e.component AND s.id = e.id`,
  )}
  ),
  logged AS (${insertChanges(
    schema,
    "(SELECT position, deletes AS removed, component, id, type, version, at, actor, write FROM entry) l",
  )}
  ),
  current_ones AS (
    SELECT e.ord, e.component, e.id, e.version, e.removed, coalesce(s.place, n.place) AS place, e.content, e.metadata
    FROM entry e JOIN newest n ON n.component = e.component AND n.id = e.id AND n.newest = e.version
      LEFT JOIN stood s ON s.component = e.component AND s.id = e.id
  ),
  ${writeKeys(schema, "current_ones")},${found ? `\n  ${writeFound(schema, "current_ones", foundFrom, found)},` : ""}
  recorded AS (
    INSERT INTO ${schema}.writes AS w (tenant, write, position, count)
    SELECT $1, write, max(position), count(*) FROM entry GROUP BY write
    ON CONFLICT (tenant, write) DO UPDATE SET position = excluded.position, count = w.count + excluded.count
  ),
  moved AS (
    UPDATE ${schema}.tenants SET position = (SELECT max(position) FROM entry)
    WHERE tenant = $1 AND EXISTS (SELECT FROM entry)
  )
  SELECT count(*) FROM entry`;
