import { grantAgain } from "./grant-again.ts";
import { fence, makeTable, type TenantTable, keyText as text } from "./tenant-table.ts";
import { changeVectorTable } from "./vector-table.ts";

/** What an upgrade of stored content replaced, until it is rolled back or finished: embeddings where those were, too. */
const originals: TenantTable = {
  name: "originals",
  columns: `
    tenant ${text}, component ${text}, place bigint NOT NULL, version bigint NOT NULL,
    id ${text}, type ${text}, schema_version integer NOT NULL,
    content text NOT NULL, metadata text NOT NULL, embedded boolean NOT NULL, embeddings bytea,
    PRIMARY KEY (tenant, component, place, version)`,
  storage: "toast_tuple_target = 8160",
  after: (table) => `
  ALTER TABLE ${table} ALTER COLUMN embeddings SET STORAGE EXTERNAL;`,
};

/** What a running role may do with them. Retention removes versions. */
export const versionControlGrants = (schema: string, role: string): string => `
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.originals TO ${role};
  GRANT DELETE ON ${schema}.versions TO ${role};`;

/**
 * The changes of store layout 3: what a version was made from beside the one before it (`parent`), when a context
 * expires, and from when on a version was superseded where the one after it was removed. What is deleted has its places,
 * too: it stood before. And vectors are looked up by place.
 * @param schema quoted
 */
export const versionControlTables = (schema: string, partitions: number): string => `
  ALTER TABLE ${schema}.contexts ADD COLUMN parent bigint, ADD COLUMN expires_at bigint;
  ALTER TABLE ${schema}.versions ADD COLUMN parent bigint, ADD COLUMN expires_at bigint, ADD COLUMN superseded_at bigint;
  CREATE INDEX contexts_by_schema ON ${schema}.contexts (tenant, component, schema_version, place) WHERE NOT deleted;
  CREATE INDEX contexts_expiring ON ${schema}.contexts (tenant, component, expires_at)
    WHERE expires_at IS NOT NULL AND NOT deleted;
  CREATE INDEX contexts_deleted ON ${schema}.contexts (tenant, component, place) WHERE deleted;${changeVectorTable(schema)}
  ${makeTable(schema, originals, partitions)}${fence(`${schema}.originals`)}${grantAgain(schema, (role) => versionControlGrants(schema, role))}`;
