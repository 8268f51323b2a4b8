import { limits } from "../../../base/limits.ts";
import { bareColumns, storedColumns } from "../connection/rows.ts";
import { type Statement, statement } from "../connection/trip.ts";

export type MirrorStatements = {
  /** $1 the tenant, $2 the component, $3: the stamp of this moment, and how many contexts there are, up to $3. */
  readonly begin: Statement;
  /** $1, $2, $3 a place, $4: the contexts behind it, up to $4 of them, or a page's bytes. */
  readonly page: Statement;
  /** $1, $2, $3 ids: those contexts, without their embeddings. */
  readonly contexts: Statement;
  /** $1, $2, $3 a position, $4: the log from that change on, and what stands now of the contexts it tells of. */
  readonly log: Statement;
};

/** What rows of the log have: of a change of another component no id. Behind `place` come the stored columns. */
export const logColumns = { rewrites: 0, position: 1, at: 2, write: 3, id: 4, place: 5, context: 6 } as const;

export const beginColumns = { rewrites: 0, position: 1, at: 2, write: 3, contexts: 4 } as const;

/** Where the place stands behind the stored columns. */
export const pagePlaceColumn = 10;

const size = "octet_length(c.content) + octet_length(c.metadata) + coalesce(octet_length(c.embeddings), 0)";

/** A context by its id, through the primary key, whatever the planner knows of the tables. */
const byId = (schema: string, id: string): string =>
  `(SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND id = ${id} OFFSET 0)`;

/** @param schema quoted */
export const createMirrorStatements = (schema: string): MirrorStatements => ({
  begin: statement(`
    SELECT t.rewrites, t.position, l.at, l.write, (SELECT count(*) FROM (
      SELECT FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND NOT deleted LIMIT $3) c)
    FROM ${schema}.tenants t JOIN ${schema}.changes l ON l.tenant = $1 AND l.position = t.position
    WHERE t.tenant = $1`),
  page: statement(`
    SELECT ${storedColumns("c")}, c.place FROM (
      SELECT c.*, sum(${size}) OVER (ORDER BY place) - (${size}) AS before FROM (
        SELECT * FROM ${schema}.contexts c
        WHERE tenant = $1 AND component = $2 AND NOT deleted AND place > $3 ORDER BY place LIMIT $4
      ) c
    ) c WHERE before <= ${limits.mirrorPageBytes} ORDER BY place`),
  contexts: statement(`
    SELECT ${bareColumns("c")} FROM unnest($3::text[]) AS asked (id) CROSS JOIN LATERAL ${byId(schema, "asked.id")} c
    WHERE NOT c.deleted`),
  log: statement(`
    SELECT t.rewrites, l.position, l.at, l.write, CASE WHEN l.component = $2 THEN l.id END, c.place, ${storedColumns("c")}
    FROM ${schema}.tenants t
      LEFT JOIN LATERAL (
        SELECT * FROM ${schema}.changes WHERE tenant = $1 AND position >= $3 ORDER BY position LIMIT $4
      ) l ON true
      LEFT JOIN LATERAL (
        SELECT * FROM ${byId(schema, "l.id")} c WHERE l.component = $2 AND l.position > $3 AND NOT c.deleted OFFSET 0
      ) c ON true
    WHERE t.tenant = $1 ORDER BY l.position`),
});
