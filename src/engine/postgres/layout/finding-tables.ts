import { grantAgain } from "./grant-again.ts";
import { keyValuesFunction } from "./key-function.ts";
import { fence, makeTable, type TenantTable, keyText as text } from "./tenant-table.ts";
import { findTextsFunction } from "./text-function.ts";
import { textTables } from "./text-tables.ts";
import { grantVectors, makeVectorTable } from "./vector-table.ts";

/**
 * What is kept beside the contexts so that they can be found. All of it is derived from them, within the commit that
 * writes them, and can be made anew.
 *
 * A path that a component declares is noted in `key_paths`, once for the whole store; from then on every commit derives
 * its rows in `keys` (see key-values.ts), for every tenant. Contexts that were there before get theirs tenant by tenant
 * (indexing/filling.ts). So, of a tenant $1 and a component $2, the rows of a path $3 are complete where
 *
 *     EXISTS (SELECT FROM filled WHERE tenant = $1 AND component = $2 AND part = $3 AND done)
 *
 * and until then `keys` may lack some. What is complete stays complete.
 */
const tenantTables: readonly TenantTable[] = [
  ...textTables,
  {
    name: "keys",
    columns: `
    tenant ${text}, component ${text}, path ${text}, kind smallint NOT NULL,
    number double precision NOT NULL, text ${text}, place bigint NOT NULL,
    PRIMARY KEY (tenant, component, path, kind, number, text, place)`,
    after: (table) => `
  CREATE INDEX keys_by_place ON ${table} (tenant, place);`,
  },
  {
    // How far a part (a path; other parts have names of their own) was filled: all contexts up to this place.
    name: "filled",
    columns: `
    tenant ${text}, component ${text}, part ${text}, place bigint NOT NULL, done boolean NOT NULL,
    PRIMARY KEY (tenant, component, part)`,
  },
];

/** What is the same for all tenants. `numbered`: a step could be taken for the place of an element in an array. */
const sharedTables = (schema: string): string => `
  CREATE TABLE ${schema}.key_paths (
    component ${text}, path ${text}, root ${text}, steps text[] NOT NULL, numbered boolean NOT NULL,
    PRIMARY KEY (component, path)
  );`;

/** What a running role may do with them: all of it is derived. */
export const findingGrants = (schema: string, role: string): string => `
  GRANT SELECT, INSERT ON ${schema}.key_paths TO ${role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${tenantTables.map(({ name }) => `${schema}.${name}`).join(", ")} TO ${role};
  GRANT EXECUTE ON FUNCTION ${schema}.find_texts TO ${role};
  ${grantVectors(schema, role)}
`;

/** Whoever was let into the tables before is let into these. */
export const grantToThoseLetIn = (schema: string): string =>
  grantAgain(schema, (role) => findingGrants(schema, role));

/** The tables of store layout 2. @param schema quoted */
export const findingTables = (schema: string, partitions: number): string =>
  [
    ...tenantTables.map((table) => makeTable(schema, table, partitions)),
    sharedTables(schema),
    keyValuesFunction(schema),
    findTextsFunction(schema),
    ...tenantTables.map(({ name }) => fence(`${schema}.${name}`)),
    makeVectorTable(schema, partitions),
    grantToThoseLetIn(schema),
  ].join("");
