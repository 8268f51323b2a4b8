import { randomBytes } from "node:crypto";
import { type Client, escapeIdentifier } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixtureRole, fixtureSchema } from "../../scripts/layout-fixture/tables-as-sql.ts";
import { postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { layoutVersion } from "../../src/engine/postgres/layout/layout.ts";
import { connectAs, hasServer, skipped, urlOf } from "../faults/postgres-schema.ts";
import { expectWhole, fixtureLayouts, howToMake, layoutsBefore, open, readSql } from "./layout-fixtures.ts";

const layouts = fixtureLayouts("postgres");

it("[K7] every layout of PostgreSQL that was released has a fixture", () => {
  expect(layouts, howToMake).toEqual(layoutsBefore(layoutVersion));
});

const appRole = hasServer ? decodeURIComponent(new URL(urlOf("app")).username) : "";

/** The tables of an older layout in a new schema, with the role let in that was let into them. */
const load = async (owner: Client, layout: number): Promise<string> => {
  const schema = `layout_${randomBytes(8).toString("hex")}`;
  onTestFinished(async () => void (await owner.query(`DROP SCHEMA ${schema} CASCADE`)));
  const sql = readSql(layout).replaceAll(fixtureSchema, schema);
  await owner.query(sql.replaceAll(fixtureRole, escapeIdentifier(appRole)));
  return schema;
};

/**
 * All that a schema says of its tables: columns, indexes, rules of rows, rights, functions; but for the indexes of
 * vectors, which are made for the components that a store knows.
 */
const tablesOf = async (owner: Client, schema: string): Promise<readonly string[]> => {
  const { rows } = await owner.query<{ told: string }>(
    `WITH s AS (SELECT $1::regnamespace AS oid),
     t AS (SELECT c.* FROM pg_class c, s WHERE c.relnamespace = s.oid)
     SELECT concat_ws(' ', 'table', relname, relkind, reloptions, relrowsecurity, relforcerowsecurity, relacl) AS told FROM t
     UNION ALL SELECT concat_ws(' ', 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, attstorage, attidentity)
       FROM t JOIN pg_attribute ON attrelid = t.oid AND attnum > 0
     UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid)) FROM t JOIN pg_index ON indrelid = t.oid
     UNION ALL SELECT concat_ws(' ', 'policy', relname, polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid),
       pg_get_expr(polwithcheck, polrelid)) FROM t JOIN pg_policy ON polrelid = t.oid
     UNION ALL SELECT concat_ws(' ', 'function', proname, pg_get_functiondef(p.oid), proacl) FROM pg_proc p, s WHERE pronamespace = s.oid`,
    [schema],
  );
  return rows
    .map(({ told }) => told.replaceAll(schema, "SCHEMA"))
    .filter((told) => !told.includes(" vectors_near_"))
    .toSorted();
};

describe.skipIf(!hasServer)(`tables of an older layout${skipped}`, () => {
  it.for(layouts)(
    "[K7] of layout %i hold everything once they are updated, and are as new ones",
    async (layout) => {
      const owner = await connectAs("owner");
      const schema = await load(owner, layout);
      const { plan, done } = await updateLayout({ url: urlOf("owner"), schema });
      expect([plan.current, done]).toEqual([layout, true]);
      expect(plan.pending).toHaveLength(layoutVersion - layout);
      const tables = await tablesOf(owner, schema);
      // Whoever was let in before works in them.
      const base = await open({ engine: postgres({ url: urlOf("app"), schema }) });
      await expectWhole(base, "postgres", layout);
      const fresh = `layout_${randomBytes(8).toString("hex")}`;
      onTestFinished(async () => void (await owner.query(`DROP SCHEMA ${fresh} CASCADE`)));
      await updateLayout({ url: urlOf("owner"), schema: fresh }, { role: appRole });
      expect(tables).toEqual(await tablesOf(owner, fresh));
    },
  );

  it("[K7] an update that is cut off leaves tables of an older layout, and the next goes on from there", async () => {
    const owner = await connectAs("owner");
    const schema = await load(owner, 1);
    // What another update holds makes the second migration wait, until it gives up.
    const other = await connectAs("owner");
    await other.query(`BEGIN; LOCK TABLE ${schema}.versions IN ACCESS SHARE MODE`);
    const timeouts = { lockMilliseconds: 200 };
    const refused = updateLayout({ url: urlOf("owner"), schema, timeouts });
    await expect(refused).rejects.toMatchObject({ code: "storage_busy" });
    await other.query("COMMIT");
    const { rows } = await owner.query(`SELECT max(version) AS layout FROM ${schema}.layout`);
    expect(rows).toEqual([{ layout: 2 }]);
    const told = await updateLayout({ url: urlOf("owner"), schema }, { confirm: () => false });
    expect(told).toMatchObject({ done: false, plan: { current: 2, target: layoutVersion } });
    await expect(open({ engine: postgres({ url: urlOf("app"), schema }) })).rejects.toMatchObject({
      code: "older_layout",
    });
    await updateLayout({ url: urlOf("owner"), schema });
    await expectWhole(await open({ engine: postgres({ url: urlOf("app"), schema }) }), "postgres", 1);
  });

  it("[K7] two updates at once do each migration once", async () => {
    const owner = await connectAs("owner");
    const schema = await load(owner, 1);
    const url = urlOf("owner");
    const [one, other] = await Promise.all([updateLayout({ url, schema }), updateLayout({ url, schema })]);
    expect([one.done, other.done]).toEqual([true, true]);
    const { rows } = await owner.query(`SELECT version FROM ${schema}.layout ORDER BY version`);
    expect(rows.map(({ version }) => version)).toEqual([...layoutsBefore(layoutVersion), layoutVersion]);
  });
});
