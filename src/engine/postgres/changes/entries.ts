import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Engine, Entry } from "../../engine.ts";
import { removedEntry, removedSchemaVersion } from "../../versions/removed-entry.ts";
import { changeColumns, optionalNumberOf, textOf, toChange } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, statement } from "../connection/trip.ts";
import { bodyColumns, bodyJoin, readBody } from "../reading/versions.ts";

/** The change log with what each change wrote: what moves a store from one engine to another. */
export type Entries = {
  readonly tenants: Engine["tenants"];
  readonly read: Engine["entries"];
};

const changeColumnCount = 9;

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

/** @param schema quoted */
export const createEntries = (schema: string, { read }: Run): Entries => {
  const selectTenants = statement(
    `SELECT tenant FROM ${schema}.tenants WHERE tenant > $1 AND position > 0 ORDER BY tenant LIMIT $2`,
  );
  const selectSight = statement(
    `SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR pg_has_role(r.oid, c.relowner, 'USAGE')
     FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = $1::regclass`,
  );
  const selectEntries = statement(entriesOf(schema));

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
  };
};
