import { type Client, escapeIdentifier, Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

/** A tenant with most of the rows: nothing may depend on how the rows are spread. */
const large = "large";

type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Plan[];
};

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The columns of each table's key by which its rows are looked for; a list goes by `place`, in place of `id`. */
const keys: Readonly<Record<string, readonly string[]>> = {
  contexts: ["tenant", "component", "(id|place)"],
  versions: ["tenant", "component", "id"],
  changes: ["tenant", "position"],
  writes: ["tenant", "write"],
  tenants: ["tenant"],
};

const fill = async (owner: Client, schema: string): Promise<void> => {
  const rows = `SELECT CASE WHEN n % 10 = 0 THEN 'small ' || n / 2500 ELSE '${large}' END AS tenant, n FROM generate_series(1, 50000) n`;
  const context = "'Anything', 'id ' || n";
  const body = `'{"n":' || n || '}', '{}', NULL`;
  await owner.query(`
    INSERT INTO ${schema}.contexts SELECT tenant, ${context}, 2, false, n, 't', 1, n, n, 'me', ${body} FROM (${rows}) r;
    INSERT INTO ${schema}.versions (tenant, component, id, version, deleted, type, schema_version, updated_at, actor, content, metadata)
      SELECT tenant, ${context}, 1, false, 't', 1, n, 'me', '{}', '{}' FROM (${rows}) r;
    INSERT INTO ${schema}.changes SELECT tenant, n, 'store', ${context}, 't', 2, n, 'me', 'w' || n FROM (${rows}) r;
    INSERT INTO ${schema}.writes SELECT tenant, 'w' || n, n, 1 FROM (${rows}) r;
    INSERT INTO ${schema}.tenants SELECT tenant, max(n) FROM (${rows}) r GROUP BY tenant;
    INSERT INTO ${schema}.tenants SELECT 'one of many ' || n, 1 FROM generate_series(1, 20000) n`);
};

/** Does every operation, so that its statements are prepared on the one connection of the pool. */
const prepare = async (pool: Pool, schema: string): Promise<void> => {
  const engine = postgres({ pool, schema });
  await using base = await openContextbase({ engine, components: [Anything], cacheBytes: 0 });
  for (const tenant of [large, "a new one"]) {
    const store = base.as({ id: "me", tenant }).store(Anything);
    for (const n of [1, 2]) await store.storeContext({ id: "a", type: "t", content: { n } });
    await store.retrieveContexts(["a", "id 7"]);
    await store.retrieveContext("a", { version: 1 });
    await store.retrieveContext("a", { asOf: new Date(1) });
    await store.history("a");
    await store.listContexts();
    await store.listContexts({ type: "t" });
    await base.as({ id: "me", tenant }).findWrite(`absent ${tenant}`);
    await base
      .as({ id: "me", tenant })
      .store(Anything)
      .storeContext({ type: "t", content: {} }, { write: `absent ${tenant}` });
    await engine.changes(tenant, 0, 10);
    await engine.entries(tenant, 0, 10);
    const [last] = await engine.entries(tenant, (await engine.lastPosition(tenant)) - 1, 1);
    if (last) {
      const { position, version } = last.change;
      const next = { ...last.change, position: position + 1, version: version + 1, write: "restored" };
      await engine.restore(tenant, [{ ...last, change: next }]);
    }
  }
};

/** A value of each parameter, so that a plan is made; it is the same for all values. */
const anyOf = (type: string): string => {
  if (type.endsWith("[]")) return `'{}'::${type}`;
  return type === "bigint" || type === "integer" ? "10" : "'large'";
};

type Prepared = { readonly name: string; readonly statement: string; readonly types: string };

const findScans = async (
  client: Client,
  schema: string,
  { name, statement, types }: Prepared,
): Promise<string[]> => {
  const list = types === "" ? [] : types.split(",");
  const values = list.length === 0 ? "" : `(${list.map(anyOf).join(", ")})`;
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE ${escapeIdentifier(name)}${values}`);
  const nodes = nodesOf(rows[0]["QUERY PLAN"][0].Plan);
  return nodes.flatMap((node) => {
    const table = node["Relation Name"] ?? "";
    const key = node["Index Name"] === "writes_fences" ? ["tenant", "position"] : keys[table];
    if (!key || node["Node Type"] === "ModifyTable") return [];
    const condition =
      node["Index Cond"] ??
      nodesOf(node)
        .map((one) => one["Index Cond"] ?? "")
        .join(" ");
    const missing = key.filter((column) => !new RegExp(`\\b${column}"? `).test(condition));
    const scans = node["Node Type"] === "Seq Scan" || missing.length > 0;
    return scans
      ? [
          `${node["Node Type"]} of ${table} by ${condition || "nothing"} in: ${statement}`.replaceAll(
            `${schema}.`,
            "",
          ),
        ]
      : [];
  });
};

describe.runIf(hasServer)(`plans under row-level security${skipped}`, () => {
  for (const analysed of [true, false])
    it(`every statement finds its rows by the key that begins with the tenant, tables ${analysed ? "analysed" : "never analysed"}`, async () => {
      const name = await newSchema();
      const schema = escapeIdentifier(name);
      const owner = await connectAs("owner");
      for (const table of Object.keys(keys))
        await owner.query(`ALTER TABLE ${schema}.${table} SET (autovacuum_enabled = false)`);
      await fill(owner, schema);
      if (analysed) for (const table of Object.keys(keys)) await owner.query(`ANALYZE ${schema}.${table}`);

      const pool = new Pool({ connectionString: urlOf("app"), max: 1 });
      onTestFinished(() => pool.end());
      await prepare(pool, name);
      const client = await pool.connect();
      onTestFinished(() => client.release());
      const { rows } = await client.query<Prepared>(
        `SELECT name, statement, array_to_string(parameter_types::text[], ',') AS types FROM pg_prepared_statements
         WHERE statement ~ $1 AND statement !~ '(layout|components)'`,
        [`${schema}\\.`],
      );
      expect(rows.length).toBeGreaterThan(15);
      for (const mode of ["force_generic_plan", "force_custom_plan"]) {
        const scans: string[] = [];
        for (const tenant of [large, "small 1"]) {
          await client.query("BEGIN");
          await client.query(`SET LOCAL plan_cache_mode = ${mode}`);
          await client.query("SELECT set_config('contextbase.tenant', $1, true)", [tenant]);
          for (const prepared of rows) scans.push(...(await findScans(client, schema, prepared)));
          await client.query("ROLLBACK");
        }
        expect(scans, mode).toEqual([]);
      }
    });

  it("every index over tenants' rows begins with the tenant or names it, and no table refers to another, so that they can be distributed", async () => {
    const name = await newSchema();
    const owner = await connectAs("owner");
    const { rows: indexes } = await owner.query<{ table: string; first: string }>(
      `SELECT t.relname AS table, a.attname AS first FROM pg_index x
         JOIN pg_class t ON t.oid = x.indrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
       WHERE t.relnamespace = $1::regnamespace`,
      [escapeIdentifier(name)],
    );
    const shared = ["components", "key_paths", "layout"];
    const ofTenants = indexes.filter(({ table }) => !shared.includes(table));
    const found = ["filled", "keys", "originals", "texts", "text_totals", "vectors"];
    expect(new Set(ofTenants.map(({ table }) => table))).toEqual(
      new Set([...Object.keys(keys), "tenants", ...found]),
    );
    // Every term in the index of texts begins with what stands for its tenant and component; places of vectors come first.
    const others = ofTenants.filter(({ first }) => first !== "tenant");
    expect(others.toSorted((a, b) => (a.table < b.table ? -1 : 1))).toEqual([
      { table: "texts", first: "terms" },
      { table: "vectors", first: "place" },
    ]);
    const { rows: references } = await owner.query(
      "SELECT conname FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype = 'f'",
      [escapeIdentifier(name)],
    );
    expect(references).toEqual([]);
  });
});
