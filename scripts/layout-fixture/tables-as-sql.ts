import type { Client } from "pg";

/** The names that stand in a fixture for those of whoever loads it. */
export const fixtureSchema = "layout_fixture";
export const fixtureRole = "layout_role";

type Column = { readonly table: string; readonly column: string; readonly made: boolean };

/** The rows of a schema's tables as INSERT statements that any role may run; what the server numbers is left to it. */
export const rowsAsSql = async (client: Client): Promise<string> => {
  const { rows: columns } = await client.query<Column>(
    `SELECT c.relname AS table, quote_ident(a.attname) AS column, a.attidentity <> '' AS made
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND c.relname <> 'layout' ORDER BY c.relname, a.attnum`,
    [fixtureSchema],
  );
  const texts: string[] = [];
  for (const [table, all = []] of Map.groupBy(columns, (one) => one.table)) {
    const given = all.filter(({ made }) => !made).map(({ column }) => column);
    const order = all.find(({ made }) => made)?.column ?? given.slice(0, 4).join(", ");
    const values = given.map((column) => `quote_nullable(${column}::text)`).join(", ");
    const { rows } = await client.query<{ row: string }>(
      `SELECT concat_ws(', ', ${values}) AS row FROM ${fixtureSchema}.${table} ORDER BY ${order}`,
    );
    const into = `INSERT INTO ${fixtureSchema}.${table} (${given.join(", ")}) VALUES`;
    const statements = rows.map(({ row }) => `${into} (${row});`);
    texts.push(table === "vectors" ? whereThere(statements) : statements.join("\n"));
  }
  return texts.filter((text) => text !== "").join("\n");
};

/** A server without pgvector has no table of vectors. */
const whereThere = (statements: readonly string[]): string => `DO $vectors$ BEGIN
IF to_regclass('${fixtureSchema}.vectors') IS NOT NULL THEN
${statements.join("\n")}
END IF; END $vectors$;`;
