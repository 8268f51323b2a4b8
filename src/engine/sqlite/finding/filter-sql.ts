import type { BodyPath, FieldName } from "../../../model/path.ts";
import type { FilterDialect } from "../../../search/filter/compile-sql.ts";
import { joinSql, type Sql, sql, sqlWords } from "../../../search/filter/sql.ts";

const columns: Readonly<Record<FieldName, Sql>> = {
  type: sqlWords("c.type"),
  id: sqlWords("c.id"),
  version: sqlWords("c.version"),
  createdAt: sqlWords("c.created_at"),
  updatedAt: sqlWords("c.updated_at"),
  schemaVersion: sqlWords("c.schema_version"),
};

const roots = { content: sqlWords("c.content"), metadata: sqlWords("c.metadata") } as const;

/** A quote or an escape in a name means something to SQLite's paths. */
const isPlain = (name: string): boolean => !/["\\\p{Cc}]/u.test(name);

/** What stands at a path, as JSON; null where nothing does. */
const at = ({ root, steps }: BodyPath): Sql =>
  steps.every(isPlain)
    ? sql`(${roots[root]} -> ${["$", ...steps.map((name) => `"${name}"`)].join(".")})`
    : sql`contextbase_at(${roots[root]}, ${JSON.stringify(steps)})`;

/** SQLite's own JSON, with the functions of json-functions.ts; contexts are `c`. */
export const sqliteFilter: FilterDialect = {
  column: (field) => columns[field],
  exists: (path) => sql`${at(path)} IS NOT NULL`,
  number: (path) =>
    sql`CASE WHEN json_type(${at(path)}) IN ('integer', 'real') THEN contextbase_number(${at(path)}) END`,
  text: (path) => sql`CASE json_type(${at(path)}) WHEN 'text' THEN ${at(path)} ->> '$' END`,
  among: (there, values) => {
    const list = joinSql(
      values.map((value) => sql`${value}`),
      ", ",
    );
    return sql`${there} IN (${list})`;
  },
  same: (path, value) =>
    value === null || typeof value === "boolean"
      ? sql`${at(path)} = ${JSON.stringify(value)}`
      : sql`contextbase_same(${at(path)}, ${JSON.stringify(value)})`,
  contains: (path, value) => sql`contextbase_contains(${at(path)}, ${JSON.stringify(value)})`,
};

/**
 * What a list is ordered by where no rows keep it: kind, number and text as ../../finding/key-values.ts has them.
 */
export const sqliteOrder = (path: BodyPath): readonly Sql[] => {
  const there = at(path);
  const text = sql`${there} ->> '$'`;
  return [
    sql`CASE json_type(${there}) WHEN 'null' THEN 1 WHEN 'true' THEN 2 WHEN 'false' THEN 2 WHEN 'integer' THEN 3
      WHEN 'real' THEN 3 WHEN 'text' THEN 4 WHEN 'array' THEN 5 WHEN 'object' THEN 6 ELSE 0 END`,
    sql`CASE json_type(${there}) WHEN 'true' THEN 1 WHEN 'integer' THEN contextbase_number(${there})
      WHEN 'real' THEN contextbase_number(${there})
      WHEN 'array' THEN min(json_array_length(${there}), 1001) ELSE 0 END`,
    sql`CASE json_type(${there}) WHEN 'text' THEN
      CASE WHEN length(${text}) > 200 THEN substr(${text}, 1, 200) || char(1114111) ELSE ${text} END ELSE '' END`,
  ];
};
