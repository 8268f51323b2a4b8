import { limits } from "../../../base/limits.ts";
import { asHex } from "../connection/rows.ts";
import { type Statement, statement } from "../connection/trip.ts";
import { fillKeys } from "./key-rows.ts";
import { writeFound } from "./write-found.ts";

/** Statements that make what is kept beside contexts that were there before it was wanted, a batch at a time. */
export type FillingStatements = {
  /** The parts of a component that were begun: part, how far, whether done. */
  readonly filled: Statement;
  readonly mark: Statement;
  readonly unmark: Statement;
  readonly lock: Statement;
  /** Makes the key rows of a path for the next contexts, and tells whether it is done. */
  readonly fillPath: Statement;
  /** The next contexts: place, version, and their bodies where they lack what they are found by. */
  readonly next: (vectors: boolean) => Statement;
  /** Keeps what these contexts are found by, as far as they are of these versions still. */
  readonly fillFound: (types: string | undefined) => Statement;
};

/** The next contexts behind a place $4, up to so many and so much; one at least. */
const nextContexts = (schema: string): string => `
    SELECT * FROM (
      SELECT c.*, sum(octet_length(content) + octet_length(metadata)) OVER (ORDER BY place)
        - octet_length(content) - octet_length(metadata) AS before
      FROM (
        SELECT * FROM ${schema}.contexts c WHERE c.tenant = $1 AND c.component = $2 AND NOT c.deleted AND c.place > $4
        ORDER BY c.place LIMIT ${limits.filledContexts}
      ) c
    ) c WHERE before <= ${limits.filledBytes}`;

const upsertFilled = (schema: string, rows: string): string => `
    INSERT INTO ${schema}.filled (tenant, component, part, place, done) ${rows}
    ON CONFLICT (tenant, component, part)
      DO UPDATE SET place = greatest(filled.place, excluded.place), done = filled.done OR excluded.done`;

/** @param schema quoted */
export const createFillingStatements = (schema: string): FillingStatements => ({
  filled: statement(
    `SELECT part, place, done FROM ${schema}.filled WHERE tenant = $1 AND component = $2
     UNION ALL SELECT path, -1, false FROM ${schema}.key_paths WHERE component = $2`,
  ),
  mark: statement(upsertFilled(schema, "VALUES ($1, $2, $3, $4, $5)")),
  unmark: statement(`DELETE FROM ${schema}.filled WHERE tenant = $1 AND component = $2 AND part = $3`),
  lock: statement(`SELECT position FROM ${schema}.tenants WHERE tenant = $1 FOR UPDATE`),
  fillPath: statement(`
    WITH paths AS MATERIALIZED (SELECT * FROM ${schema}.key_paths WHERE component = $2 AND path = $3),
    next AS MATERIALIZED (${nextContexts(schema)}
    ),
    keyed AS (${fillKeys(schema, "next", "paths")}
    )
    ${upsertFilled(schema, "SELECT $1, $2, $3, coalesce(max(place), $4), count(*) = 0 FROM next")}
    RETURNING place, done`),
  next: (vectors) =>
    statement(`
    SELECT place, version, CASE WHEN lacks THEN content END, CASE WHEN lacks THEN metadata END,
      CASE WHEN lacks THEN ${asHex("embeddings")} END
    FROM (
      SELECT n.*, NOT EXISTS (
          SELECT FROM ${schema}.texts t
          WHERE t.tenant = $1 AND t.component = $2 AND t.place = n.place AND t.version = n.version AND t.rules = $3
        )${
          vectors
            ? ` OR embeddings IS NOT NULL AND NOT EXISTS (
          SELECT FROM ${schema}.vectors v
          WHERE v.tenant = $1 AND v.component = $2 AND v.place = n.place AND v.version = n.version
            AND v.dimensions = $5 AND v.tag = $6
        )`
            : ""
        } AS lacks
      FROM (${nextContexts(schema)}) n
    ) n ORDER BY place`),
  fillFound: (types) =>
    statement(`
    WITH written AS MATERIALIZED (
      SELECT i.ord, c.component, c.place, c.id, c.version, false AS removed
      FROM unnest($3::int8[], $4::int8[]) WITH ORDINALITY AS i (place, version, ord)
        CROSS JOIN LATERAL (
          SELECT * FROM ${schema}.contexts c
          WHERE c.tenant = $1 AND c.component = $2 AND NOT c.deleted AND c.place = i.place OFFSET 0
        ) c WHERE c.version = i.version
    ),
    ${writeFound(schema, "written", 5, { types })}
    SELECT count(*) FROM written`),
});
