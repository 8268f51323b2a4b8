import { escapeIdentifier, escapeLiteral } from "pg";
import { ContextbaseError } from "../../../base/errors.ts";
import { findingGrants, findingTables, grantToThoseLetIn } from "./finding-tables.ts";
import { firstTables } from "./first-tables.ts";
import type { VectorWishes } from "./vector-indexes.ts";
import { makeVectorTable } from "./vector-table.ts";
import { versionControlGrants, versionControlTables } from "./version-control-tables.ts";

/** A step that takes the tables from one store layout to the next. Its place in the list is the layout it makes. */
export type Migration = {
  readonly name: string;
  /** @param partitions how many a table of tenants' rows is divided into; 1: not at all */
  readonly sql: (schema: string, partitions: number) => string;
};

/**
 * How often contents of a tenant were replaced without a change in its log, so that who holds a copy of them learns
 * that it is to be made anew.
 */
const countedRewrites: Migration["sql"] = (schema) => `
  ALTER TABLE ${schema}.tenants ADD COLUMN rewrites bigint NOT NULL DEFAULT 0;`;

/** Named and ordered. One that was released is never changed; a change of the tables is a migration after it. */
export const migrations: readonly Migration[] = [
  { name: "tables", sql: firstTables },
  { name: "finding", sql: findingTables },
  { name: "version control", sql: versionControlTables },
  { name: "counted rewrites", sql: countedRewrites },
];

/** The store layout that this code works with. */
export const layoutVersion = migrations.length;

export const newerLayout = (place: string, layout: number): ContextbaseError =>
  new ContextbaseError(
    "newer_layout",
    `${place} has store layout ${layout}; this Contextbase knows layouts up to ${layoutVersion}. Update it.`,
    { details: { place, layout } },
  );

/** Where an administrator made the schema, its owner may have no right to make another one: then none is asked for. */
const makeSchema = (schema: string): string => {
  const block = `BEGIN IF to_regnamespace(${escapeLiteral(schema)}) IS NULL THEN CREATE SCHEMA ${schema}; END IF; END`;
  return `DO ${escapeLiteral(block)};`;
};

/** Where the tables tell which layout they have. */
const makeLayout = (schema: string): string => `${makeSchema(schema)}
  CREATE TABLE ${schema}.layout (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());`;

/** What a running role may do: no deletion of what is history, and nothing of the layout. */
const grants = (schema: string, role: string): string => `
  GRANT USAGE ON SCHEMA ${schema} TO ${role};
  GRANT SELECT ON ${schema}.layout TO ${role};
  GRANT SELECT, INSERT, UPDATE ON ${schema}.contexts, ${schema}.versions, ${schema}.tenants, ${schema}.components TO ${role};
  GRANT SELECT, INSERT ON ${schema}.changes TO ${role};
  GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.writes TO ${role};${findingGrants(schema, role)}${versionControlGrants(schema, role)}`;

export type LayoutPlan = {
  /** The layout that the database has; 0 where it has none. */
  readonly current: number;
  readonly target: number;
  /** The names of the migrations that are to be run. */
  readonly pending: readonly string[];
  /** What else is to be made, in a few words each. */
  readonly more: readonly string[];
  /** All of it as SQL, in order, each a transaction of its own: every migration, then what else is to be made. */
  readonly transactions: readonly string[];
};

export type LayoutWishes = {
  /** A role that is to work in the store. */
  readonly role?: string | undefined;
  readonly partitions?: number | undefined;
  readonly vectors?: VectorWishes | undefined;
};

const tellVectors = ({ table, indexes }: VectorWishes): string[] => [
  ...(table ? ["a table of vectors"] : []),
  ...indexes.map(({ component, dimensions }) => `an index of the vectors of ${component} (${dimensions})`),
];

/** What takes a schema from `current` to the newest layout, and lets the role work in it. */
export const planLayout = (
  schemaName: string,
  current: number,
  { role, partitions = 1, vectors = { table: false, indexes: [] } }: LayoutWishes,
): LayoutPlan => {
  const schema = escapeIdentifier(schemaName);
  const pending = migrations.slice(current);
  const steps = pending.map(({ name, sql }, index) => {
    const layout = current + index + 1;
    return `${layout === 1 ? makeLayout(schema) : ""}${sql(schema, partitions)}
  INSERT INTO ${schema}.layout (version, name) VALUES (${layout}, '${name}');`;
  });
  // Tables that are made now have it among them.
  const makesTable = vectors.table && !pending.some(({ sql }) => sql === findingTables);
  const table = makesTable ? makeVectorTable(schema, partitions) + grantToThoseLetIn(schema) : "";
  const granted = role === undefined ? "" : grants(schema, escapeIdentifier(role));
  return {
    current,
    target: layoutVersion,
    pending: pending.map(({ name }) => name),
    more: tellVectors({ ...vectors, table: makesTable }),
    transactions: [...steps, table + granted].filter((sql) => sql !== ""),
  };
};
