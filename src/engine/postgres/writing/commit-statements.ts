import type { WrittenGroup } from "../../engine.ts";
import { fenceNumber, type Known } from "../changes/changes.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import { type Row, type Statement, statement } from "../connection/trip.ts";
import { markNewTenant, writeKeys } from "../indexing/key-rows.ts";
import { type FoundKept, writeFound } from "../indexing/write-found.ts";
import { insertChanges, insertContexts, insertVersions } from "./landing.ts";

export type CommitStatements = {
  /** Locks the tenant's counter: what follows in the transaction has the tenant's rows to itself. */
  readonly lock: Statement;
  readonly makeTenant: Statement;
  /** Takes down the fence of a write id, where it is still that one. */
  readonly unfence: Statement;
  /** Applies groups of writes, among which no id and no write id stands twice. */
  readonly round: Statement;
  /** The same, and keeps what they are found by; `vectors`: their vectors, too. */
  readonly foundRound: Statement;
  readonly vectors: boolean;
};

/** The parameter behind those of the writes themselves. */
const foundFrom = 20;

/** Whether the write of an id made the version `c` that stands for the write `i`. */
const isMadeBy = (schema: string, write: string): string => `EXISTS (
             SELECT FROM ${schema}.writes w JOIN ${schema}.changes m ON m.tenant = w.tenant AND m.position = w.position
             WHERE w.tenant = $1 AND w.write = ${write} AND w.count = 1
               AND m.component = i.component AND m.id = i.id AND m.version = c.version)`;

/**
 * The round as one statement. Each write meets the row that stands (`met`, through the primary key); a group of
 * which one write does not fit is left out as a whole, and so is one whose write id is known. What is left gets its
 * versions, one time per group and its positions, and lands in all tables. Within the statement every part sees
 * the tables as they were before it, so `kept` copies the rows that `landed` overwrites. A refusal is final: where
 * an earlier try may still be on its way, which could fit by the time that it arrives, it leaves a fence.
 */
const roundOf = (schema: string, found?: FoundKept): string => `
  WITH base AS MATERIALIZED (SELECT position FROM ${schema}.tenants WHERE tenant = $1),
  input AS MATERIALIZED (
    SELECT * FROM unnest($3::int4[], $4::text[], $5::text[], $6::bool[], $7::int8[], $8::text[], $9::int4[],
        $10::text[], $11::text[], $12::bytea[], $17::int8[], $18::int8[]) WITH ORDINALITY
      AS i (grp, component, id, removed, version, type, schema_version, content, metadata, embeddings, parent,
        expires_at, ord)
  ),
  groups AS MATERIALIZED (
    SELECT * FROM unnest($13::text[], $14::text[], $15::bool[], $16::int8[], $19::text[]) WITH ORDINALITY
      AS g (write, actor, checked, fence, after, grp)
  ),
  known AS MATERIALIZED (
    SELECT g.grp, w.position, w.count FROM groups g
      CROSS JOIN LATERAL (
        SELECT position, count FROM ${schema}.writes WHERE tenant = $1 AND write = g.write OFFSET 0
      ) w
    WHERE g.checked
  ),
  met AS MATERIALIZED (
    SELECT i.grp, i.ord, c.version AS current, c.deleted, c.created_at, c.updated_at, c.place,
      c.type AS old_type, c.schema_version AS old_schema_version,
      CASE WHEN i.schema_version < c.schema_version AND NOT c.deleted AND NOT i.removed THEN 'newer'
           WHEN i.version <> coalesce(c.version, 0) + 1 THEN 'conflict'
           WHEN g.after IS NOT NULL AND NOT ${isMadeBy(schema, "g.after")} THEN 'conflict'
           WHEN i.removed AND coalesce(c.deleted OR (i.version IS NULL AND c.expires_at <= $2::int8), c.deleted, true)
             THEN 'absent' END AS refusal
    FROM input i
      JOIN groups g ON g.grp = i.grp
      LEFT JOIN LATERAL (
        SELECT version, deleted, created_at, updated_at, place, type, schema_version, expires_at FROM ${schema}.contexts
        WHERE tenant = $1 AND component = i.component AND id = i.id OFFSET 0
      ) c ON true
    WHERE i.grp NOT IN (SELECT grp FROM known)
  ),
  refused AS MATERIALIZED (
    SELECT DISTINCT ON (grp) grp, ord, refusal,
      CASE refusal WHEN 'newer' THEN old_schema_version ELSE coalesce(current, 0) END AS current
    FROM met WHERE refusal IS NOT NULL ORDER BY grp, ord
  ),
  accepted AS MATERIALIZED (
    SELECT grp, ord, current, place, old_type, old_schema_version, created_at,
      greatest($2::int8, max(updated_at + 1) OVER (PARTITION BY grp)) AS at,
      base.position + row_number() OVER (ORDER BY ord) AS position
    FROM met CROSS JOIN base WHERE grp NOT IN (SELECT grp FROM refused)
  ),
  changed AS MATERIALIZED (
    SELECT a.ord, a.grp, i.component, i.id, coalesce(a.current, 0) + 1 AS version, i.removed,
      coalesce(a.place, a.position) AS place, a.current, a.at, a.position, g.actor, g.write,
      coalesce(a.created_at, a.at) AS created_at,
      CASE WHEN i.removed THEN a.old_type ELSE i.type END AS type,
      CASE WHEN i.removed THEN a.old_schema_version ELSE i.schema_version END AS schema_version,
      i.content, i.metadata, i.embeddings, i.parent, i.expires_at
    FROM accepted a JOIN input i USING (ord) JOIN groups g ON g.grp = a.grp
  ),
  kept AS (${insertVersions(
    schema,
    `SELECT $1, c.component, c.id, c.version, c.deleted, c.type, c.schema_version, c.updated_at, c.actor,
      c.content, c.metadata, c.embeddings, c.parent, c.expires_at
    FROM changed n
      CROSS JOIN LATERAL (
        SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = n.component AND id = n.id OFFSET 0
      ) c
    WHERE n.current IS NOT NULL`,
  )}
  ),
  landed AS (${insertContexts(
    schema,
    `SELECT $1, component, id, version, removed, place, type, schema_version, created_at, at, actor,
      content, metadata, embeddings, parent, expires_at
    FROM changed ORDER BY ord`,
  )}
  ),
  logged AS (${insertChanges(schema, "changed ORDER BY ord")}
  ),
  ${writeKeys(schema, "changed")},${found ? `\n  ${writeFound(schema, "changed", foundFrom, found)},` : ""}
  recorded AS (
    INSERT INTO ${schema}.writes (tenant, write, position, count)
    SELECT $1, write, max(position), count(*) FROM changed GROUP BY write
    UNION ALL SELECT $1, g.write, greatest(g.fence, ${fenceNumber}), 0 FROM refused JOIN groups g USING (grp) WHERE g.fence IS NOT NULL
  ),
  moved AS (
    UPDATE ${schema}.tenants SET position = position + (SELECT count(*) FROM accepted)
    WHERE tenant = $1 AND EXISTS (SELECT FROM accepted)
  )
  SELECT 'written', ord, version, created_at, at, position FROM changed
  UNION ALL SELECT refusal, ord, current, 0, 0, 0 FROM refused
  UNION ALL SELECT 'known', grp, position, count, 0, 0 FROM known
  ORDER BY 2`;

/** @param schema quoted */
export const createCommitStatements = (schema: string, found: FoundKept): CommitStatements => ({
  lock: statement(`SELECT position FROM ${schema}.tenants WHERE tenant = $1 FOR UPDATE`),
  makeTenant: statement(`
    WITH made AS (
      INSERT INTO ${schema}.tenants (tenant, position) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING tenant
    )
    ${markNewTenant(schema, "made")}`),
  unfence: statement(
    `DELETE FROM ${schema}.writes WHERE tenant = $1 AND write = $2 AND count < 1 AND position = $3`,
  ),
  round: statement(roundOf(schema)),
  foundRound: statement(roundOf(schema, found)),
  vectors: found.types !== undefined,
});

/** What became of a group; what a conflict met and what a known write did is asked for where it is needed. */
export type GroupResult =
  | WrittenGroup
  | { readonly status: "conflict"; readonly index: number; readonly current: number }
  | { readonly status: "newer"; readonly index: number; readonly schemaVersion: number }
  | { readonly status: "absent"; readonly index: number }
  | ({ readonly status: "known" } & Known);

const readGroup = (rows: readonly Row[], first: number): GroupResult | undefined => {
  const [row] = rows;
  if (!row) return undefined;
  const index = numberOf(row, 1) - first;
  if (textOf(row, 0) === "absent") return { status: "absent", index };
  if (textOf(row, 0) === "newer") return { status: "newer", index, schemaVersion: numberOf(row, 2) };
  if (textOf(row, 0) === "conflict") return { status: "conflict", index, current: numberOf(row, 2) };
  const written = rows.map((one) => ({ version: numberOf(one, 2), createdAt: numberOf(one, 3) }));
  return {
    status: "written",
    at: numberOf(row, 4),
    position: numberOf(rows.at(-1) ?? row, 5),
    written,
  };
};

/** Deals the rows of a round out to its groups. @param sizes how many writes each group has */
export const readRound = (rows: readonly Row[], sizes: readonly number[]): (GroupResult | undefined)[] => {
  const known = new Map<number, Known>();
  const byWrite: Row[] = [];
  for (const row of rows) {
    if (textOf(row, 0) !== "known") byWrite.push(row);
    else known.set(numberOf(row, 1), { position: numberOf(row, 2), count: numberOf(row, 3) });
  }
  let at = 0;
  let first = 1;
  return sizes.map((size, place) => {
    const end = first + size;
    const own: Row[] = [];
    for (let row = byWrite[at]; row && numberOf(row, 1) < end; row = byWrite[++at]) own.push(row);
    const found = known.get(place + 1);
    const result: GroupResult | undefined = found ? { status: "known", ...found } : readGroup(own, first);
    first = end;
    return result;
  });
};
