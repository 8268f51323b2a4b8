import { type Client, DatabaseError, escapeIdentifier } from "pg";
import { beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { upgrade } from "../../src/maintenance/upgrade.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

/** Two tenants with the same ids; one name is what a pattern, a path or a quote could take for the other. */
const [ours, theirs] = ["ann", "a%n' OR true --\\/__proto__ 🦉"] as const;

const tenantTables = [
  "changes",
  "contexts",
  "filled",
  "keys",
  "originals",
  "tenants",
  "text_totals",
  "texts",
  "vectors",
  "versions",
  "writes",
];

/** Its contexts have rows in all tables there are, once they are upgraded. */
const found = { name: "Found", indexes: ["content.n"], embeddings: { dimensions: 2 } } as const;
const Found = defineComponent(found);
const FoundLater = defineComponent({
  ...found,
  schemaVersion: 2,
  upgrades: { 2: ({ content, metadata }) => ({ content, metadata }) },
});

let schemaName = "";
let schema = "";

const fill = async (): Promise<void> => {
  const engine = postgres({ url: urlOf("app"), schema: schemaName });
  await using base = await openContextbase({ engine, components: [Found] });
  for (const tenant of [ours, theirs]) {
    const store = base.as({ id: "writer", tenant }).store(Found);
    for (const n of [1, 2, 3])
      await store.storeContexts(
        ["a", "b"].map((id) => ({
          id,
          type: "t",
          content: { secret: `of ${tenant}`, n },
          embeddings: [n, tenant.length],
        })),
        { write: `w${n}` },
      );
    await store.deleteContext("b");
  }
  await upgrade(engine, FoundLater, { tenants: [ours, theirs] });
};

const texts = async (client: Client, text: string, values: string[] = []): Promise<string[]> =>
  (await client.query<unknown[]>({ text, values, rowMode: "array" })).rows.map(([value]) => String(value));

const tablesOf = (client: Client, withTenant: boolean): Promise<string[]> =>
  texts(
    client,
    `SELECT relname FROM pg_class c WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
       AND $2::bool = EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant')
     ORDER BY relname`,
    [schema, String(withTenant)],
  );

/** Does something in a transaction of its own, which leaves nothing behind; gives the SQLSTATE where it fails. */
const attempt = async <Result>(
  client: Client,
  tenant: string | undefined,
  work: () => Promise<Result>,
): Promise<Result | string> => {
  await client.query("BEGIN");
  try {
    if (tenant !== undefined)
      await client.query("SELECT set_config('contextbase.tenant', $1, true)", [tenant]);
    return await work();
  } catch (cause) {
    if (cause instanceof DatabaseError && cause.code !== undefined) return cause.code;
    throw cause;
  } finally {
    await client.query("ROLLBACK");
  }
};

const denied = "42501";

describe.runIf(hasServer)(`row-level security, straight as the running role${skipped}`, () => {
  beforeEach(async () => {
    schemaName = await newSchema();
    schema = escapeIdentifier(schemaName);
    await fill();
  });

  it("[S5] every table that holds a tenant's rows is fenced, for its owner too, and none is forgotten", async () => {
    const owner = await connectAs("owner");
    expect(await tablesOf(owner, true)).toEqual(tenantTables);
    // What has no tenant holds what all of them share.
    expect(await tablesOf(owner, false)).toEqual(["components", "key_paths", "layout"]);
    const fenced = `SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'
      AND relrowsecurity AND relforcerowsecurity ORDER BY relname`;
    expect(await texts(owner, fenced, [schema])).toEqual(tenantTables);
    // What runs as the owner sees all tenants: one function alone, which takes its tenant from no argument.
    const functions = "SELECT proname FROM pg_proc WHERE pronamespace = $1::regnamespace AND prosecdef";
    expect(await texts(owner, functions, [schema])).toEqual(["find_texts"]);
    const policies = `SELECT DISTINCT concat_ws(' ', policyname, roles, lower(permissive), lower(cmd))
      FROM pg_policies WHERE schemaname = $1 ORDER BY 1`;
    const ownerName = decodeURIComponent(new URL(urlOf("owner")).username);
    expect(await texts(owner, policies, [schemaName])).toEqual([
      "fences_alone_go {public} restrictive delete",
      "own_tenant {public} permissive all",
      `owner {${ownerName}} permissive all`,
    ]);
  });

  it("[S5] a transaction reads its own tenant's rows alone, in every table and by every way to read", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    const settings = [undefined, "", "nobody", "%", "a%", `${ours}' OR '1'='1`, `${ours} `, ours, theirs];
    for (const table of await tablesOf(owner, true)) {
      const all = await texts(owner, `SELECT DISTINCT tenant FROM ${schema}.${table}`);
      expect(all.sort(), table).toEqual([ours, theirs].sort());
      for (const setting of settings) {
        const seen = [ours, theirs].filter((tenant) => tenant === setting);
        const read = (text: string): Promise<string[] | string> =>
          attempt(app, setting, () => texts(app, text.replaceAll("TABLE", `${schema}.${table}`)));
        const where = `${table} as ${setting}`;
        expect(await read("SELECT DISTINCT tenant FROM TABLE"), where).toEqual(seen);
        expect(await read("SELECT DISTINCT tenant FROM TABLE WHERE true OR tenant <> ''"), where).toEqual(
          seen,
        );
        // A condition that fails on a row tells of it; it must come after the fence.
        const failing = "SELECT 1 / (length(tenant) - length(tenant)) FROM TABLE";
        expect(await read(failing), where).toEqual(seen.length === 0 ? [] : "22012");
        const counted = await attempt(
          app,
          setting,
          async () => (await app.query(`COPY ${schema}.${table} TO STDOUT`)).rowCount,
        );
        const own =
          setting === undefined
            ? []
            : await texts(owner, `SELECT tenant FROM ${schema}.${table} WHERE tenant = $1`, [setting]);
        expect(counted, where).toBe(own.length);
      }
      // The setting changed in the middle of a transaction shows the other one's rows in place of the first one's.
      const forged = await attempt(app, ours, async () => {
        await app.query("SELECT set_config('contextbase.tenant', $1, true)", [theirs]);
        return texts(app, `SELECT DISTINCT tenant FROM ${schema}.${table}`);
      });
      expect(forged, table).toEqual([theirs]);
    }
  });

  it("[S5] a transaction changes no row of another tenant, makes none, and moves none to it", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    for (const table of await tablesOf(owner, true)) {
      const name = `${schema}.${table}`;
      const columns = await texts(
        owner,
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attname <> 'tenant'",
        [name],
      );
      const before = await texts(owner, `SELECT t::text FROM ${name} t ORDER BY 1`);
      const as = (setting: string | undefined, text: string, values: string[] = []) =>
        attempt(app, setting, async () => {
          const { rowCount } = await app.query(text, values);
          return rowCount;
        });
      const nothing = (result: unknown, what: string): void =>
        expect([0, denied], `${table}: ${what} gave ${result}`).toContain(result);
      for (const setting of [undefined, "", ours]) {
        nothing(
          await as(setting, `UPDATE ${name} SET tenant = tenant WHERE tenant = $1`, [theirs]),
          "update",
        );
        nothing(await as(setting, `DELETE FROM ${name} WHERE tenant = $1`, [theirs]), "delete");
        // The same answer whether the key is taken or not: nothing can be guessed.
        for (const [what, list] of [
          ["taken", columns.join(", ")],
          ["free", columns.map((one) => (one === "id" || one === "write" ? "'free'" : one)).join(", ")],
        ]) {
          const copy = `INSERT INTO ${name} (tenant, ${columns.join(", ")})
            SELECT $1, ${list} FROM ${name} WHERE tenant = $2 LIMIT 1`;
          if (setting === ours) {
            for (const end of ["", "ON CONFLICT DO NOTHING", "ON CONFLICT DO NOTHING RETURNING tenant"])
              expect(await as(setting, `${copy} ${end}`, [theirs, ours]), `${table} ${what}`).toBe(denied);
          }
          nothing(await as(setting, copy, [theirs, theirs]), "copied row");
        }
      }
      expect(await as(ours, `UPDATE ${name} SET tenant = $1`, [theirs]), table).toBe(denied);
      expect(await as(ours, `TRUNCATE ${name}`), table).toBe(denied);
      expect([denied, "0A000"]).toContain(await as(ours, `COPY ${name} FROM STDIN`));
      const all = await as(ours, `DELETE FROM ${name}`);
      if (all !== denied) {
        const own = await texts(owner, `SELECT tenant FROM ${name} WHERE tenant = $1`, [ours]);
        expect(all, table).toBe(table === "writes" ? 0 : own.length);
      }
      expect(await texts(owner, `SELECT t::text FROM ${name} t ORDER BY 1`), table).toEqual(before);
    }
  });

  it("[C2] the running role deletes no write that was done, only what bars one that was not", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    const writes = `${schema}.writes`;
    await owner.query(
      `INSERT INTO ${writes} (tenant, write, position, count) VALUES ($1, 'barred', 1, 0), ($2, 'barred', 1, 0)`,
      [ours, theirs],
    );
    const done = `SELECT write FROM ${writes} WHERE tenant = $1 AND count > 0 ORDER BY 1`;
    const before = await texts(owner, done, [ours]);
    expect(before).toHaveLength(4);
    for (const text of [
      `DELETE FROM ${writes}`,
      `DELETE FROM ${writes} WHERE count >= 0`,
      `DELETE FROM ${writes} w USING ${schema}.changes c WHERE w.write = c.write OR w.count < 1`,
      `WITH gone AS (DELETE FROM ${writes} RETURNING write) SELECT write FROM gone`,
    ]) {
      const left = await attempt(app, ours, async () => {
        expect((await app.query(text)).rowCount, text).toBe(1);
        return texts(app, `SELECT write FROM ${writes} ORDER BY 1`);
      });
      expect(left, text).toEqual(before);
    }
  });

  it("[S5] the running role cannot take the fence down, make objects or become another role", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    const [appName, ownerName] = [urlOf("app"), urlOf("owner")].map((url) =>
      escapeIdentifier(new URL(url).username),
    );
    const forTables = (await tablesOf(owner, true)).flatMap((table) => [
      ...["DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY", `OWNER TO ${appName}`].map(
        (change) => `ALTER TABLE ${schema}.${table} ${change}`,
      ),
      `ALTER TABLE ${schema}.${table} ADD COLUMN more text`,
      `DROP POLICY own_tenant ON ${schema}.${table}`,
      `ALTER POLICY own_tenant ON ${schema}.${table} USING (true)`,
      `CREATE POLICY all_of_them ON ${schema}.${table} USING (true)`,
      `CREATE RULE seen AS ON INSERT TO ${schema}.${table} DO ALSO NOTHING`,
      `CREATE INDEX ON ${schema}.${table} (tenant)`,
      `DROP TABLE ${schema}.${table}`,
      `SET LOCAL row_security = off; SELECT * FROM ${schema}.${table}`,
    ]);
    const statements = [
      ...forTables,
      `CREATE TABLE ${schema}.mine (id int)`,
      `CREATE VIEW ${schema}.mine AS SELECT * FROM ${schema}.contexts`,
      `CREATE FUNCTION ${schema}.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      "CREATE TABLE public.mine (id int)",
      "CREATE TEMPORARY TABLE mine (id int)",
      "CREATE SCHEMA mine",
      `DROP SCHEMA ${schema} CASCADE`,
      `SET ROLE ${ownerName}`,
      `SET SESSION AUTHORIZATION ${ownerName}`,
      `GRANT ${ownerName} TO ${appName}`,
      `ALTER ROLE ${appName} BYPASSRLS`,
      "SET LOCAL session_replication_role = replica",
      "SELECT pg_read_file('/etc/passwd')",
      `COPY ${schema}.contexts TO PROGRAM 'cat'`,
      `UPDATE ${schema}.layout SET version = 99`,
      `INSERT INTO ${schema}.layout (version, name) VALUES (99, 'mine')`,
      `DELETE FROM ${schema}.components`,
    ];
    for (const statement of statements)
      expect(await attempt(app, ours, () => app.query(statement)), statement).toBe(denied);
  });

  it("[S5] what the server itself knows of the tables tells nothing of their rows", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    for (const table of tenantTables) await owner.query(`ANALYZE ${schema}.${table}`);
    const known = "SELECT most_common_vals::text FROM pg_stats WHERE schemaname = $1 AND tablename = ANY($2)";
    expect(
      await attempt(app, ours, async () => (await app.query(known, [schemaName, tenantTables])).rows),
    ).toEqual([]);
    expect(await attempt(app, ours, () => app.query("SELECT * FROM pg_statistic"))).toBe(denied);
  });
});
