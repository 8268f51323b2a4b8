import { escapeLiteral } from "pg";
import type { Finding, RegisteredComponent } from "../../engine.ts";
import { toIndexing } from "../../to-indexing.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import { type Row, type Step, statement } from "../connection/trip.ts";
import { indexName } from "../layout/vector-index.ts";
import { leastPgvector, selectPgvector } from "../layout/vector-table.ts";

/** What is asked of vectors: of pgvector, then of the components, then of the indexes. @param schema quoted */
export const vectorQuestions = (schema: string): Step[] => [
  {
    statement: statement(`SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
      (SELECT nspname FROM (${selectPgvector}) p) IS NOT NULL, to_regclass(${escapeLiteral(`${schema}.vectors`)}) IS NOT NULL`),
    values: [],
  },
  {
    statement: statement(`SELECT DISTINCT ON (component) component, schema_version, description
      FROM ${schema}.components ORDER BY component, schema_version DESC`),
    values: [],
  },
  {
    statement: statement(`SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
      WHERE i.relnamespace = ${escapeLiteral(schema)}::regnamespace AND x.indisvalid AND i.relname LIKE 'vectors_near%'`),
    values: [],
  },
];

const toComponent = (row: Row): RegisteredComponent => ({
  name: textOf(row, 0),
  schemaVersion: numberOf(row, 1),
  description: textOf(row, 2),
});

const check = "pgvector";

/** @param results the rows of `vectorQuestions` */
export const findVectors = ([server = [], components = [], indexes = []]: readonly Row[][]): Finding => {
  const [installed, fits, there] = server[0] ?? [];
  const searched = components.map(toComponent).flatMap((component) => {
    const { dimensions, tag } = toIndexing(component);
    return dimensions === undefined ? [] : [{ name: component.name, dimensions, tag }];
  });
  const needed = searched.length > 0;
  const found = installed ?? "not installed";
  if (fits !== "t") {
    const status = needed ? "warn" : "ok";
    const mend = `To search by vector: CREATE EXTENSION vector (${leastPgvector} or newer) as an administrator, then contextbase update as the owner.`;
    return needed
      ? { check, status, found: `${found}: vectors are not searched`, mend }
      : { check, status, found };
  }
  const mend = "Run contextbase update as the owner of the tables.";
  if (there !== "t") {
    return needed
      ? { check, status: "warn", found: `${found}, but there is no table of vectors`, mend }
      : { check, status: "ok", found };
  }
  const lacking = searched.filter(
    ({ name, dimensions, tag }) =>
      !indexes.some((row) => textOf(row, 0).startsWith(indexName(name, dimensions, tag))),
  );
  if (lacking.length === 0) return { check, status: "ok", found };
  const names = lacking.map(({ name }) => name).join(", ");
  return { check, status: "warn", found: `${found}, without an index of the vectors of ${names}`, mend };
};
