import { isDeepStrictEqual } from "node:util";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Engine, Entry } from "../../engine.ts";
import { removedEntry, removedSchemaVersion } from "../../versions/removed-entry.ts";
import {
  bigintArray,
  booleanArray,
  bytesArray,
  integerArray,
  textArray,
} from "../connection/binary-array.ts";
import { changeColumns, numberOf, optionalNumberOf, textOf, toChange } from "../connection/rows.ts";
import type { Run } from "../connection/session.ts";
import { type Row, type Statement, type Step, statement } from "../connection/trip.ts";
import { type FoundRow, foundValues } from "../indexing/found-rows.ts";
import type { Kept } from "../indexing/kept.ts";
import { markNewTenant } from "../indexing/key-rows.ts";
import { bodyColumns, bodyJoin, readBody } from "../reading/versions.ts";
import { restoreStatement } from "../writing/restore-statement.ts";
import type { Changes } from "./changes.ts";

/** The change log with what each change wrote: what moves a store from one engine to another. */
export type Entries = {
  readonly tenants: Engine["tenants"];
  readonly read: Engine["entries"];
  readonly restore: Engine["restore"];
};

const changeColumnCount = 9;

type RestoreStatements = { readonly plain: Statement; readonly found: Statement; readonly vectors: boolean };

const toEntry = (row: Row): Entry => {
  const change = toChange(row);
  const schemaVersion = optionalNumberOf(row, changeColumnCount) ?? removedSchemaVersion;
  if (schemaVersion === removedSchemaVersion) return removedEntry(change);
  const body =
    change.operation === "delete"
      ? undefined
      : readBody(change, change.version, row.slice(changeColumnCount + 3));
  return {
    change,
    schemaVersion,
    parent: optionalNumberOf(row, changeColumnCount + 1),
    expiresAt: optionalNumberOf(row, changeColumnCount + 2),
    body,
  };
};

/** Each change with the row that it wrote, which stands in one of two tables. */
const entriesOf = (schema: string): string => `
  SELECT ${changeColumns("e")}, e.schema_version, e.parent, e.expires_at, ${bodyColumns("e")}
  FROM (
    SELECT e.*, sum(e.bytes) OVER (ORDER BY e.position) - e.bytes AS before FROM (
      SELECT ${changeColumns("h")}, coalesce(c.schema_version, v.schema_version) AS schema_version,
        coalesce(c.parent, v.parent) AS parent, coalesce(c.expires_at, v.expires_at) AS expires_at,
        coalesce(c.content, v.content) AS content, coalesce(c.metadata, v.metadata) AS metadata,
        coalesce(c.embeddings, v.embeddings) AS embeddings, v.encoding, v.body, v.dictionary,
        h.tenant, coalesce(octet_length(coalesce(c.content, v.content)), 0)
          + coalesce(octet_length(coalesce(c.metadata, v.metadata)), 0)
          + coalesce(octet_length(coalesce(c.embeddings, v.embeddings)), 0)
          + coalesce(octet_length(v.body), 0) AS bytes
      FROM (SELECT * FROM ${schema}.changes WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3) h
        LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.contexts
          WHERE tenant = $1 AND component = h.component AND id = h.id AND version = h.version OFFSET 0
        ) c ON true
        LEFT JOIN LATERAL (
          SELECT * FROM ${schema}.versions
          WHERE tenant = $1 AND component = h.component AND id = h.id AND version = h.version OFFSET 0
        ) v ON true
    ) e
  ) e ${bodyJoin(schema, "e")}
  WHERE e.before <= ${limits.pageBytes} ORDER BY e.position`;

const restoreStep = (
  restore: RestoreStatements,
  tenant: string,
  entries: readonly Entry[],
  found: readonly FoundRow[],
): Step => {
  const each = <Value>(take: (entry: Entry) => Value): Value[] => entries.map(take);
  return {
    statement: found.length > 0 ? restore.found : restore.plain,
    values: [
      tenant,
      bigintArray(each(({ change }) => change.position)),
      booleanArray(each(({ change }) => change.operation === "delete")),
      textArray(each(({ change }) => change.component)),
      textArray(each(({ change }) => change.id)),
      textArray(each(({ change }) => change.type)),
      bigintArray(each(({ change }) => change.version)),
      bigintArray(each(({ change }) => change.at)),
      textArray(each(({ change }) => change.actor)),
      textArray(each(({ change }) => change.write)),
      integerArray(each(({ schemaVersion }) => schemaVersion)),
      textArray(each(({ body }) => body?.content ?? "{}")),
      textArray(each(({ body }) => body?.metadata ?? "{}")),
      bytesArray(each(({ body }) => body?.embeddings)),
      bigintArray(each(({ parent }) => parent)),
      bigintArray(each(({ expiresAt }) => expiresAt)),
      booleanArray(each(({ removed }) => removed === true)),
      ...(found.length > 0 ? foundValues(found, restore.vectors) : []),
    ],
  };
};

const notFollowing = (tenant: string, position: number): ContextbaseError => {
  const message = `Change ${position} does not follow the last one of tenant ${JSON.stringify(tenant)}. Move into an empty store, or go on with the move that filled this one.`;
  return new ContextbaseError("version_conflict", message, { details: { tenant, position } });
};

/** @param schema quoted */
export const createEntries = (
  schema: string,
  { read, commit }: Run,
  changes: Changes,
  kept: Kept,
): Entries => {
  const selectTenants = statement(
    `SELECT tenant FROM ${schema}.tenants WHERE tenant > $1 AND position > 0 ORDER BY tenant LIMIT $2`,
  );
  const selectSight = statement(
    `SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR pg_has_role(r.oid, c.relowner, 'USAGE')
     FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = $1::regclass`,
  );
  const selectEntries = statement(entriesOf(schema));
  const lock = statement(`
    WITH locked AS (
      INSERT INTO ${schema}.tenants AS t (tenant, position) VALUES ($1, 0)
      ON CONFLICT (tenant) DO UPDATE SET position = t.position RETURNING tenant, position
    )
    ${markNewTenant(schema, "(SELECT * FROM locked WHERE position = 0)")}`);
  const restoreFor = kept.forTypes(
    (types): RestoreStatements => ({
      plain: statement(restoreStatement(schema)),
      found: statement(restoreStatement(schema, { types })),
      vectors: types !== undefined,
    }),
  );

  return {
    tenants: async (after, limit) => {
      const [[sight = []] = [], rows = []] = await read("", [
        { statement: selectSight, values: [`${schema}.tenants`] },
        { statement: selectTenants, values: [after, String(limit)] },
      ]);
      if (sight[1] === "t") return rows.map((row) => textOf(row, 0));
      const message = `The role ${textOf(sight, 0)} sees one tenant at a time. Use the url of the owner of the tables.`;
      throw new ContextbaseError("storage_unavailable", message);
    },

    read: async (tenant, after, limit) => {
      const values = [tenant, String(after), String(limit)];
      const [rows = []] = await read(tenant, [{ statement: selectEntries, values }]);
      return rows.map(toEntry);
    },

    restore: async (tenant, entries) => {
      const [first] = entries;
      if (!first) return;
      const broken = entries.find((entry, index) => entry.change.position !== first.change.position + index);
      if (broken) throw notFollowing(tenant, broken.change.position);
      let repeated = false;
      const bodies = entries.map(({ change, body }) => ({ component: change.component, ...body }));
      await kept.learn(bodies.map(({ component }) => component));
      const found = await kept.rows(tenant, bodies);
      const steps = [
        { statement: lock, values: kept.newTenant(tenant) },
        restoreStep(restoreFor(), tenant, entries, found),
        ...kept.forget(tenant, bodies),
      ];
      const [, [restored] = []] = await commit(tenant, (again) => {
        repeated = again;
        return { steps, read: (rows) => rows };
      });
      if (restored && numberOf(restored, 0) === entries.length) return;
      // An earlier try, whose answer was lost, may have done it.
      const stand = repeated ? await changes.after(tenant, first.change.position - 1, entries.length) : [];
      if (
        isDeepStrictEqual(
          stand,
          entries.map(({ change }) => change),
        )
      )
        return;
      throw notFollowing(tenant, first.change.position);
    },
  };
};
