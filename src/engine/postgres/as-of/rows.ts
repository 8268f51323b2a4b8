import { limits } from "../../../base/limits.ts";
import { isStanding, removedVersion } from "../../as-of/standing.ts";
import type { Key, Standing } from "../../engine.ts";
import { asHex, numberOf, optionalNumberOf, textOf } from "../connection/rows.ts";
import type { Row } from "../connection/trip.ts";
import { bodyJoin, readBody } from "../reading/versions.ts";

/** Whether what `contexts` has of a context stood already then: at $4. Otherwise an earlier version did. */
const stands = "c.updated_at <= $4";
const either = (column: string): string =>
  `CASE WHEN ${stands} THEN c.${column} ELSE v.${column} END AS ${column}`;

const heads = ["version", "type", "schema_version", "updated_at", "deleted", "expires_at"];
const bodies = ["content", "metadata", "embeddings"];
const packed = ["encoding", "body"];

/** What stood at $4 of contexts of tenant $1 and component $2. @param contexts a query that gives rows of `contexts` */
const stoodOf = (schema: string, contexts: string): string => `
  SELECT c.place, c.id, c.created_at, ${heads.map(either).join(", ")},
    NOT (${stands}) AND (v.version IS NULL OR v.superseded_at <= $4) AS removed,
    ${bodies.map(either).join(", ")}, ${packed.map((name) => `v.${name}`).join(", ")},
    ${[...packed, ...bodies].map((name) => `d.${name} AS d_${name}`).join(", ")}
  FROM (${contexts}) c
  LEFT JOIN LATERAL (
    SELECT * FROM ${schema}.versions
    WHERE tenant = $1 AND component = $2 AND id = c.id AND updated_at <= $4 AND NOT (${stands})
    ORDER BY version DESC LIMIT 1
  ) v ON true
  ${bodyJoin(schema, "v")}`;

/** The columns that `toStanding` reads, of a row `s` of `stoodOf`. */
const columns = ["place", "id", "created_at", ...heads, "removed"].map((name) => `s.${name}`).join(", ");
const bodyColumns = [
  ...["s.content", "s.metadata", asHex("s.embeddings"), "s.encoding", asHex("s.body")],
  ...["s.d_encoding", asHex("s.d_body"), "s.d_content", "s.d_metadata", asHex("s.d_embeddings")],
].join(", ");

/** Contexts of the ids $3 that were there at $4. */
export const selectStoodOf = (schema: string): string => `
  SELECT ${columns}, ${bodyColumns} FROM (${stoodOf(
    schema,
    `SELECT c.* FROM unnest($3::text[]) AS asked (id) CROSS JOIN LATERAL (
       SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND id = asked.id OFFSET 0
     ) c WHERE c.created_at <= $4`,
  )}) s`;

const bytes = [...bodies, "body", "d_body", ...bodies.map((name) => `d_${name}`)]
  .map((name) => `coalesce(octet_length(${name}), 0)`)
  .join(" + ");

/**
 * A page of what stood at $4, behind the place $3: $5 contexts at the most, and fewer where they are large; first, how
 * many there are, with one beyond the page.
 */
export const selectStandingOf = (
  schema: string,
  direction: "newest first" | "oldest first",
  withBodies: boolean,
): string => {
  const [beyond, way] = direction === "newest first" ? ["<", "DESC"] : [">", "ASC"];
  const part = (deleted: string): string => `
    (SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND ${deleted}
      AND place ${beyond} $3 AND created_at <= $4 ORDER BY place ${way} LIMIT $5::int8 + 1)`;
  const walked = `SELECT * FROM (${part("NOT deleted")} UNION ALL ${part("deleted")}) c ORDER BY place ${way} LIMIT $5::int8 + 1`;
  return `
    SELECT p.total, ${columns.replaceAll("s.", "p.")}${withBodies ? `, ${bodyColumns.replaceAll("s.", "p.")}` : ""} FROM (
      SELECT s.*, count(*) OVER () AS total, row_number() OVER walk AS nth,
        sum(${withBodies ? bytes : "0"}) OVER walk - (${withBodies ? bytes : "0"}) AS before
      FROM (${stoodOf(schema, walked)}) s WINDOW walk AS (ORDER BY s.place ${way})
    ) p WHERE p.nth <= $5::int8 AND p.before <= ${limits.standingBytes} ORDER BY p.nth`;
};

const headColumns = 10;

/**
 * A row of `selectStoodOf`, or of `selectStandingOf` without its first column; undefined where nothing stood.
 * @throws ContextbaseError version_removed, storage_corrupt
 */
export const toStanding = ({ component }: Key, row: Row, at: number): Standing | undefined => {
  const id = textOf(row, 1);
  const version = numberOf(row, 3);
  const expiresAt = optionalNumberOf(row, 8);
  if (row[9] === "t") throw removedVersion({ component, id }, at);
  if (row[7] === "t" || !isStanding(expiresAt, at)) return undefined;
  return {
    component,
    id,
    place: numberOf(row, 0),
    type: textOf(row, 4),
    schemaVersion: numberOf(row, 5),
    version,
    createdAt: numberOf(row, 2),
    updatedAt: numberOf(row, 6),
    expiresAt,
    ...readBody({ component, id }, version, row.slice(headColumns)),
  };
};
