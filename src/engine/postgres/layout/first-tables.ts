import { fence, makeTable, type TenantTable, keyText as text } from "./tenant-table.ts";

/**
 * The same tables as in the embedded engine. Bodies stay in their rows up to a page's size, uncompressed: a
 * detour through another table costs more than it saves at the sizes that contexts have. A superseded version
 * stands in `versions` as it was until it is packed; then `body` holds it, compressed.
 */
const tenantTables: readonly TenantTable[] = [
  {
    name: "contexts",
    columns: `
    tenant ${text}, component ${text}, id ${text},
    version bigint NOT NULL, deleted boolean NOT NULL, place bigint NOT NULL,
    type ${text}, schema_version integer NOT NULL,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, actor ${text},
    content text NOT NULL, metadata text NOT NULL, embeddings bytea,
    PRIMARY KEY (tenant, component, id)`,
    storage: "toast_tuple_target = 8160, fillfactor = 90",
    after: (table) => `
  ALTER TABLE ${table} ALTER COLUMN embeddings SET STORAGE EXTERNAL;
  CREATE INDEX contexts_by_place ON ${table} (tenant, component, place) WHERE NOT deleted;
  CREATE INDEX contexts_by_type ON ${table} (tenant, component, type, place) WHERE NOT deleted;`,
  },
  {
    name: "versions",
    columns: `
    tenant ${text}, component ${text}, id ${text}, version bigint NOT NULL,
    deleted boolean NOT NULL, type ${text}, schema_version integer NOT NULL,
    updated_at bigint NOT NULL, actor ${text},
    content text, metadata text, embeddings bytea,
    dictionary bigint, encoding smallint, body bytea,
    PRIMARY KEY (tenant, component, id, version)`,
    storage: "toast_tuple_target = 8160",
    after: (table) => `
  ALTER TABLE ${table} ALTER COLUMN embeddings SET STORAGE EXTERNAL;
  ALTER TABLE ${table} ALTER COLUMN body SET STORAGE EXTERNAL;`,
  },
  {
    name: "changes",
    columns: `
    tenant ${text}, position bigint NOT NULL, operation ${text},
    component ${text}, id ${text}, type ${text}, version bigint NOT NULL,
    at bigint NOT NULL, actor ${text}, write ${text},
    PRIMARY KEY (tenant, position)`,
  },
  {
    name: "writes",
    columns: `
    tenant ${text}, write ${text}, position bigint NOT NULL, count integer NOT NULL,
    PRIMARY KEY (tenant, write)`,
    after: (table) => `
  CREATE INDEX writes_fences ON ${table} (tenant, position) WHERE count = 0;`,
  },
  {
    name: "tenants",
    columns: `tenant ${text} PRIMARY KEY, position bigint NOT NULL`,
    storage: "fillfactor = 20",
  },
];

/** What is the same for all tenants. */
const sharedTables = (schema: string): string => `
  CREATE TABLE ${schema}.components (
    component ${text}, schema_version integer NOT NULL, description text NOT NULL,
    opened bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (component, schema_version)
  );`;

/** Of what is known by its write id only fences may go. */
const keepWrites = (schema: string): string => `
  CREATE POLICY fences_alone_go ON ${schema}.writes AS RESTRICTIVE FOR DELETE USING (count = 0);`;

/** The tables of store layout 1. @param schema quoted */
export const firstTables = (schema: string, partitions: number): string =>
  [
    ...tenantTables.map((table) => makeTable(schema, table, partitions)),
    sharedTables(schema),
    ...tenantTables.map(({ name }) => fence(`${schema}.${name}`)),
    keepWrites(schema),
  ].join("");
