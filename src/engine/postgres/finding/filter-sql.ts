import type { BodyPath, FieldName } from "../../../model/path.ts";
import { compileFilter, type FilterDialect, type LeafShortcut } from "../../../search/filter/compile-sql.ts";
import type { Filter } from "../../../search/filter/filter.ts";
import { combineSql, type Sql, sql, sqlWords } from "../../../search/filter/sql.ts";
import { keyElements, keyKinds, keyTextCharacters, longMark } from "../../finding/key-values.ts";

/** Numbers of contexts compare with any number, also one with a fraction. */
const columns: Readonly<Record<FieldName, Sql>> = {
  type: sqlWords('(c.type COLLATE "C")'),
  id: sqlWords('(c.id COLLATE "C")'),
  version: sqlWords("c.version::float8"),
  createdAt: sqlWords("c.created_at::float8"),
  updatedAt: sqlWords("c.updated_at::float8"),
  schemaVersion: sqlWords("c.schema_version::float8"),
};

const roots = { content: sqlWords("j.content"), metadata: sqlWords("j.metadata") } as const;

/** What PostgreSQL takes for the place of an element, where it meets an array. */
const isNumber = (step: string): boolean => /^\s*[-+]?\d+$/.test(step);

/** What stands at a path, as JSON; null where nothing does. A path leads through objects alone. */
const at = ({ root, steps }: BodyPath): Sql => {
  const there = sql`(${roots[root]} #> ${steps}::text[])`;
  const objects = steps.flatMap((step, index) =>
    isNumber(step) ? [sql`jsonb_typeof(${roots[root]} #> ${steps.slice(0, index)}::text[]) = 'object'`] : [],
  );
  return objects.length === 0 ? there : sql`(CASE WHEN ${combineSql(objects, "AND")} THEN ${there} END)`;
};

const whole = (there: Sql): Sql => sql`(${there} #>> '{}')`;

/** PostgreSQL's own JSON, which is read as `j`; contexts are `c`. */
export const postgresFilter: FilterDialect = {
  column: (field) => columns[field],
  exists: (path) => sql`${at(path)} IS NOT NULL`,
  number: (path) => sql`(CASE jsonb_typeof(${at(path)}) WHEN 'number' THEN ${whole(at(path))}::float8 END)`,
  text: (path) => sql`(CASE jsonb_typeof(${at(path)}) WHEN 'string' THEN ${whole(at(path))} END COLLATE "C")`,
  // A list of parameters would be gone through from its beginning for each row.
  among: (there, values) =>
    typeof values[0] === "number"
      ? sql`${there} IN (SELECT unnest(${values.map(String)}::text[])::float8)`
      : sql`${there} IN (SELECT unnest(${values.map(String)}::text[]) COLLATE "C")`,
  same: (path, value) => sql`${at(path)} = ${JSON.stringify(value)}::jsonb`,
  contains: (path, value) => sql`EXISTS (
    SELECT FROM jsonb_array_elements(CASE jsonb_typeof(${at(path)}) WHEN 'array' THEN ${at(path)} ELSE '[]' END) e
    WHERE e = ${JSON.stringify(value)}::jsonb)`,
};

/** The JSON of a context, parsed once however often it is asked for. */
export const parsed = sqlWords(
  "(SELECT c.content::jsonb AS content, c.metadata::jsonb AS metadata OFFSET 0) j",
);

/** Whether what stands in the context `c` fits. */
export const fitsBody = (filter: Filter, shortcut: LeafShortcut): Sql =>
  sql`(SELECT ${compileFilter(filter, postgresFilter, shortcut)} FROM ${parsed})`;

/** What a list is ordered by where no rows keep it: kind, number and text as ../../finding/key-values.ts has them. */
export const postgresOrder = (path: BodyPath): readonly Sql[] => {
  const there = at(path);
  const text = whole(there);
  const kinds = Object.entries(keyKinds)
    .filter(([name]) => name !== "missing")
    .map(([name, kind]) => `WHEN '${name}' THEN ${kind}`)
    .join(" ");
  return [
    sql`CASE jsonb_typeof(${there}) ${sqlWords(kinds)} ELSE ${sqlWords(String(keyKinds.missing))} END::int2`,
    sql`CASE jsonb_typeof(${there}) WHEN 'number' THEN ${text}::float8 WHEN 'boolean' THEN ${there}::bool::int
      WHEN 'array' THEN least(jsonb_array_length(${there}), ${sqlWords(String(keyElements + 1))}) ELSE 0 END::float8`,
    sql`(CASE WHEN ${there} IS NULL OR jsonb_typeof(${there}) <> 'string' THEN ''
      WHEN char_length(${text}) > ${sqlWords(String(keyTextCharacters))}
        THEN left(${text}, ${sqlWords(String(keyTextCharacters))}) || ${longMark}::text
      ELSE ${text} END COLLATE "C")`,
  ];
};
