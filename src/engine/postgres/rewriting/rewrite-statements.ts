import { limits } from "../../../base/limits.ts";
import { storedColumns } from "../connection/rows.ts";
import { type Statement, statement } from "../connection/trip.ts";
import { writeKeys } from "../indexing/key-rows.ts";
import type { FoundKept } from "../indexing/write-found.ts";
import { writeTexts } from "../layout/text-tables.ts";
import { writeVectors } from "../layout/vector-table.ts";
import { insertContexts } from "../writing/landing.ts";

export type RewriteStatements = {
  readonly outdated: Statement;
  /** Locks the tenant's counter, and counts what no change will tell of. */
  readonly lock: Statement;
  /** Rewrites contexts, and keeps what stood. */
  readonly rewrite: Statement;
  /** Puts originals back, and forgets them. */
  readonly putBack: Statement;
  /** The same, where contexts are found by their texts and vectors. */
  readonly foundRewrite: Statement;
  readonly foundPutBack: Statement;
  readonly vectors: boolean;
};

const size = "octet_length(c.content) + octet_length(c.metadata) + coalesce(octet_length(c.embeddings), 0)";

/** A page behind a place, up to so much; one at least. */
const outdatedOf = (schema: string): string => `
  SELECT ${storedColumns("c")}, c.place FROM (
    SELECT c.*, sum(${size}) OVER (ORDER BY schema_version, place) - (${size}) AS before FROM (
      SELECT * FROM ${schema}.contexts c
      WHERE c.tenant = $1 AND c.component = $2 AND (c.schema_version, c.place) > ($3, $4) AND c.schema_version < $5
        AND NOT c.deleted
      ORDER BY c.schema_version, c.place LIMIT $6
    ) c
  ) c WHERE before <= ${limits.upgradedBytes} ORDER BY schema_version, place`;

/** Texts of all that is written; of vectors those that are replaced, since to keep one costs much. */
const writeFound = (schema: string, first: number, { types }: FoundKept): string => {
  const [rules, length, terms, dimensions, tag, start, numbers] = Array.from(
    { length: 7 },
    (_, index) => `$${first + index}`,
  );
  const texts = `${rules}::text[], ${length}::int4[], ${terms}::text[]`;
  const vectors = types === undefined ? "" : `, ${dimensions}::int4[], ${tag}::text[], ${start}::int4[]`;
  const columns = types === undefined ? "" : ", dimensions, tag, start";
  const written =
    types === undefined
      ? ""
      : `,
  embedded_ones AS MATERIALIZED (SELECT * FROM found WHERE embedded),
  ${writeVectors(schema, types, "embedded_ones", `${numbers}::real[]`)}`;
  return `,
  found AS MATERIALIZED (
    SELECT w.component, w.place, w.id, w.version, w.embedded, f.* FROM met w JOIN (
      SELECT * FROM unnest(${texts}${vectors}) WITH ORDINALITY AS f (rules, length, terms${columns}, ord)
    ) f USING (ord)
  ),
  ${writeTexts(schema, "found")}${written}`;
};

/** What stands of `input`, by its id, through the primary key. */
const standing = (schema: string): string => `
    CROSS JOIN LATERAL (
      SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND id = i.id OFFSET 0
    ) c`;

const landed = (schema: string): string =>
  insertContexts(
    schema,
    `SELECT $1, component, id, version, false, place, type, schema_version, created_at, updated_at, actor,
      content, metadata, embeddings, parent, expires_at FROM met ORDER BY ord`,
  );

const metColumns = (from: string): string => `
    SELECT i.ord, $2::text AS component, c.id, c.version, c.place, false AS removed, c.created_at, c.updated_at,
      c.actor, c.parent, c.expires_at, ${from}.type, ${from}.schema_version, ${from}.content, ${from}.metadata,
      CASE WHEN ${from}.embedded THEN ${from}.embeddings ELSE c.embeddings END AS embeddings, ${from}.embedded`;

const rewriteOf = (schema: string, found?: FoundKept): string => `
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest($3::text[], $4::int8[], $5::int4[], $6::text[], $7::int4[], $8::text[], $9::text[],
        $10::bool[], $11::bytea[]) WITH ORDINALITY
      AS i (id, version, read_in, type, schema_version, content, metadata, embedded, embeddings, ord)
  ),
  met AS MATERIALIZED (${metColumns("i")}
    FROM input i ${standing(schema)}
    WHERE NOT c.deleted AND c.version = i.version AND c.schema_version = i.read_in
  ),
  kept AS (
    INSERT INTO ${schema}.originals (tenant, component, place, version, id, type, schema_version, content, metadata,
      embedded, embeddings)
    SELECT $1, $2, c.place, c.version, c.id, c.type, c.schema_version, c.content, c.metadata, i.embedded,
      CASE WHEN i.embedded THEN c.embeddings END
    FROM met i ${standing(schema)}
    ON CONFLICT (tenant, component, place, version) DO UPDATE
      SET embedded = true, embeddings = excluded.embeddings WHERE excluded.embedded AND NOT originals.embedded
  ),
  landed AS (${landed(schema)}
  ),
  ${writeKeys(schema, "met")}${found ? writeFound(schema, 12, found) : ""}
  SELECT count(*) FROM met`;

const putBackOf = (schema: string, found?: FoundKept): string => `
  WITH input AS MATERIALIZED (
    SELECT g.ord, o.* FROM unnest($3::int8[], $4::int8[]) WITH ORDINALITY AS g (place, version, ord)
      CROSS JOIN LATERAL (
        SELECT * FROM ${schema}.originals
        WHERE tenant = $1 AND component = $2 AND place = g.place AND version = g.version OFFSET 0
      ) o
  ),
  met AS MATERIALIZED (${metColumns("i")}
    FROM input i ${standing(schema)}
    WHERE NOT c.deleted AND c.version = i.version
  ),
  forgotten AS (
    DELETE FROM ${schema}.originals WHERE tenant = $1 AND component = $2
      AND (place, version) IN (SELECT place, version FROM met)
  ),
  landed AS (${landed(schema)}
  ),
  ${writeKeys(schema, "met")}${found ? writeFound(schema, 5, found) : ""}
  SELECT count(*) FROM met`;

/** @param schema quoted */
export const createRewriteStatements = (schema: string, found: FoundKept): RewriteStatements => ({
  outdated: statement(outdatedOf(schema)),
  lock: statement(`UPDATE ${schema}.tenants SET rewrites = rewrites + 1 WHERE tenant = $1`),
  rewrite: statement(rewriteOf(schema)),
  putBack: statement(putBackOf(schema)),
  foundRewrite: statement(rewriteOf(schema, found)),
  foundPutBack: statement(putBackOf(schema, found)),
  vectors: found.types !== undefined,
});
