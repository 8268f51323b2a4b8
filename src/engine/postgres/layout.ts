import { escapeIdentifier, escapeLiteral } from "pg";

/** A step that takes the tables from one store layout to the next. Its place in the list is the layout it makes. */
export type Migration = { readonly name: string; readonly sql: (schema: string) => string };

const text = 'text COLLATE "C" NOT NULL';

/** The tables that hold a tenant's rows; the tenant begins every key, so that they can be distributed by it. */
const tenantTables = ["contexts", "versions", "changes", "writes", "tenants"] as const;

/**
 * The same tables as in the embedded engine. Bodies stay in their rows up to a page's size, uncompressed: a
 * detour through another table costs more than it saves at the sizes that contexts have. A superseded version
 * stands in `versions` as it was until it is packed; then `body` holds it, compressed.
 */
const firstTables = (schema: string): string => `
  CREATE TABLE ${schema}.contexts (
    tenant ${text}, component ${text}, id ${text},
    version bigint NOT NULL, deleted boolean NOT NULL, place bigint NOT NULL,
    type ${text}, schema_version integer NOT NULL,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, actor ${text},
    content text NOT NULL, metadata text NOT NULL, embeddings bytea,
    PRIMARY KEY (tenant, component, id)
  ) WITH (toast_tuple_target = 8160, fillfactor = 90);
  ALTER TABLE ${schema}.contexts ALTER COLUMN embeddings SET STORAGE EXTERNAL;
  CREATE INDEX contexts_by_place ON ${schema}.contexts (tenant, component, place) WHERE NOT deleted;
  CREATE INDEX contexts_by_type ON ${schema}.contexts (tenant, component, type, place) WHERE NOT deleted;

  CREATE TABLE ${schema}.versions (
    tenant ${text}, component ${text}, id ${text}, version bigint NOT NULL,
    deleted boolean NOT NULL, type ${text}, schema_version integer NOT NULL,
    updated_at bigint NOT NULL, actor ${text},
    content text, metadata text, embeddings bytea,
    dictionary bigint, encoding smallint, body bytea,
    PRIMARY KEY (tenant, component, id, version)
  ) WITH (toast_tuple_target = 8160);
  ALTER TABLE ${schema}.versions ALTER COLUMN embeddings SET STORAGE EXTERNAL;
  ALTER TABLE ${schema}.versions ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE ${schema}.changes (
    tenant ${text}, position bigint NOT NULL, operation ${text},
    component ${text}, id ${text}, type ${text}, version bigint NOT NULL,
    at bigint NOT NULL, actor ${text}, write ${text},
    PRIMARY KEY (tenant, position)
  );

  CREATE TABLE ${schema}.writes (
    tenant ${text}, write ${text}, position bigint NOT NULL, count integer NOT NULL,
    PRIMARY KEY (tenant, write)
  );

  CREATE TABLE ${schema}.tenants (tenant ${text} PRIMARY KEY, position bigint NOT NULL) WITH (fillfactor = 20);

  CREATE TABLE ${schema}.components (
    component ${text}, schema_version integer NOT NULL, description text NOT NULL,
    opened bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (component, schema_version)
  );
`;

/**
 * The second fence: even a statement without a tenant meets the rows of the transaction's tenant alone. The owner
 * of the tables, who backs up and moves all tenants, has a policy that says so; nobody else has.
 */
const fences = (schema: string): string =>
  tenantTables
    .map(
      (table) => `
  ALTER TABLE ${schema}.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${schema}.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_tenant ON ${schema}.${table}
    USING (tenant = current_setting('contextbase.tenant', true))
    WITH CHECK (tenant = current_setting('contextbase.tenant', true));
  CREATE POLICY owner ON ${schema}.${table} TO CURRENT_USER USING (true) WITH CHECK (true);`,
    )
    .join("");

/** Named and ordered. One that was released is never changed; a change of the tables is a migration after it. */
export const migrations: readonly Migration[] = [
  { name: "tables", sql: (schema) => `${firstTables(schema)}${fences(schema)}` },
];

/** The store layout that this code works with. */
export const layoutVersion = migrations.length;

/** Where an administrator made the schema, its owner may have no right to make another one: then none is asked for. */
const makeSchema = (schema: string): string => {
  const block = `BEGIN IF to_regnamespace(${escapeLiteral(schema)}) IS NULL THEN CREATE SCHEMA ${schema}; END IF; END`;
  return `DO ${escapeLiteral(block)};`;
};

/** What a running role may do: no deletion of what is history, and nothing of the layout. */
const grants = (schema: string, role: string): string => `
  GRANT USAGE ON SCHEMA ${schema} TO ${role};
  GRANT SELECT ON ${schema}.layout TO ${role};
  GRANT SELECT, INSERT, UPDATE ON ${schema}.contexts, ${schema}.versions, ${schema}.tenants, ${schema}.components TO ${role};
  GRANT SELECT, INSERT ON ${schema}.changes TO ${role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.writes TO ${role};
`;

export type LayoutPlan = {
  /** The layout that the database has; 0 where it has none. */
  readonly current: number;
  readonly target: number;
  /** The names of the migrations that are to be run. */
  readonly pending: readonly string[];
  /** All of it as SQL, one transaction. */
  readonly sql: string;
};

/** What takes a schema from `current` to the newest layout, and lets `role` work in it. */
export const planLayout = (schemaName: string, current: number, role: string | undefined): LayoutPlan => {
  const schema = escapeIdentifier(schemaName);
  const pending = migrations.slice(current);
  const begin =
    current === 0
      ? `${makeSchema(schema)}
  CREATE TABLE ${schema}.layout (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());`
      : "";
  const steps = pending.map(
    ({ name, sql }, index) =>
      `${sql(schema)}
  INSERT INTO ${schema}.layout (version, name) VALUES (${current + index + 1}, '${name}');`,
  );
  const granted = role === undefined ? "" : grants(schema, escapeIdentifier(role));
  return {
    current,
    target: layoutVersion,
    pending: pending.map(({ name }) => name),
    sql: [begin, ...steps, granted].join("\n"),
  };
};
