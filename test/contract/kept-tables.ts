import type { Pool } from "pg";
import { afterAll } from "vitest";

/** The tables of a store in a schema, and the connections of those who work in them. */
export type Tables = { readonly schema: string; readonly owner: Pool; readonly app: Pool };

/** By the place where they are: what no test uses at the moment. */
const idle = new Map<string, Tables[]>();

/** As they were made: deletion would leave dead rows behind, and a planner that knows of empty tables. */
const empty = async ({ schema, owner }: Tables): Promise<void> => {
  const { rows } = await owner.query<{ written: string | null }>(
    `SELECT string_agg(oid::regclass::text, ', ') AS written FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname <> 'layout' AND pg_relation_size(oid) > 0`,
    [schema],
  );
  const written = rows[0]?.written;
  if (written) await owner.query(`TRUNCATE ${written} RESTART IDENTITY`);
};

/**
 * Empty tables, made where none are idle. To make them, and connections that know them, takes several times what most
 * tests take.
 * @param place tables of one place are all alike
 */
export const takeTables = async (place: string, make: () => Promise<Tables>): Promise<Tables> =>
  idle.get(place)?.pop() ?? make();

export const giveTablesBack = async (place: string, tables: Tables): Promise<void> => {
  await empty(tables);
  idle.set(place, [...(idle.get(place) ?? []), tables]);
};

/** Also once a test file is over. */
export const dropIdleTables = async (): Promise<void> => {
  const all = [...idle.values()].flat();
  idle.clear();
  for (const { schema, owner, app } of all) {
    await app.end();
    await owner.query(`DROP SCHEMA ${schema} CASCADE`);
    await owner.end();
  }
};

afterAll(dropIdleTables);
