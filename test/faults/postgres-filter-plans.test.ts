import { type Client, escapeIdentifier, Pool } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { defineComponent, type ListOptions, openContextbase } from "../../src/index.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const Thing = defineComponent({ name: "Thing", indexes: ["content.n", "content.half", "content.name"] });
const tenant = "large";
const contexts = 40_000;

/** Contexts of one tenant, with the rows of their paths. */
const fill = async (owner: Client, schema: string): Promise<void> => {
  const numbers = `generate_series(1, ${contexts}) n`;
  const key = `'${tenant}', 'Thing'`;
  await owner.query(`
    INSERT INTO ${schema}.contexts SELECT ${key}, 'id ' || n, 1, false, n, 't', 1, n, n, 'me',
      jsonb_build_object('n', n % 500, 'half', n % 2 = 0, 'name', 'name ' || n % 500, 'plain', n % 10)::text, '{}', NULL
      FROM ${numbers};
    INSERT INTO ${schema}.keys SELECT ${key}, 'content.n', 3, n % 500, '', n FROM ${numbers};
    INSERT INTO ${schema}.keys SELECT ${key}, 'content.half', 2, (n + 1) % 2, '', n FROM ${numbers};
    INSERT INTO ${schema}.keys SELECT ${key}, 'content.name', 4, 0, 'name ' || n % 500, n FROM ${numbers};
    INSERT INTO ${schema}.filled SELECT ${key}, path, ${contexts}, true
      FROM unnest(ARRAY['content.n', 'content.half', 'content.name']) path;
    INSERT INTO ${schema}.tenants VALUES ('${tenant}', ${contexts})`);
};

const rare = { "content.n": 7 };

/** Each finds few, or the first of many, and must not look through all of them. */
const lists: readonly ListOptions[] = [
  { where: rare },
  { where: { "content.name": "name 7" } },
  { where: { "content.name": { $startsWith: "name 49" } } },
  { where: { "content.n": { $gte: 7, $lt: 9 } } },
  { where: { "content.n": { $in: [1, 2, 3] } } },
  { where: { $or: [rare, { "content.name": "name 9" }] } },
  { where: { ...rare, "content.half": false, "content.plain": 7 } },
  { where: { "content.half": true } },
  { where: rare, orderBy: "content.name" },
  { where: { id: { $in: ["id 1", "id 2"] } } },
  { orderBy: "content.n" },
  { orderBy: { "content.name": "desc" } },
  { where: { "content.half": true }, orderBy: { "content.n": "desc" } },
];

describe.runIf(hasServer)(`plans of filters under row-level security${skipped}`, () => {
  for (const analysed of [true, false])
    it(`[Q1] what is selective by declared paths looks at few rows, tables ${analysed ? "analysed" : "never analysed"}`, async () => {
      const name = await newSchema();
      const schema = escapeIdentifier(name);
      const owner = await connectAs("owner");
      const tables = ["contexts", "keys", "filled"];
      for (const table of tables)
        await owner.query(`ALTER TABLE ${schema}.${table} SET (autovacuum_enabled = false)`);
      const pool = new Pool({ connectionString: urlOf("app"), max: 1 });
      onTestFinished(() => pool.end());
      await using base = await openContextbase({
        engine: postgres({ pool, schema: name }),
        components: [Thing],
      });
      await fill(owner, schema);
      if (analysed) for (const table of tables) await owner.query(`ANALYZE ${schema}.${table}`);
      const store = base.as({ id: "me", tenant }).store(Thing);

      /** Rows of the tables that were looked at since the last time. */
      const looked = async (): Promise<number> => {
        await pool.query("SELECT pg_stat_force_next_flush()");
        const { rows } = await owner.query<{ looked: string }>(
          `SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS looked FROM pg_stat_all_tables
           WHERE schemaname = $1 AND relname = ANY ($2)`,
          [name, tables],
        );
        return Number(rows[0]?.looked ?? Number.NaN);
      };

      await store.listContexts({ where: rare });
      for (const options of lists) {
        const first = await store.listContexts({ ...options, limit: 20, explain: true });
        const before = await looked();
        const page = await store.listContexts({ ...options, limit: 20, cursor: first.nextCursor });
        const after = (await looked()) - before;
        const told = `${JSON.stringify(options)} looked at ${after} rows: ${JSON.stringify(first.plan)}`;
        expect(page.contexts.length + first.contexts.length, told).toBeGreaterThan(1);
        expect(after, told).toBeLessThan(contexts / 4);
      }
      for (const where of [rare, { ...rare, "content.half": false }, { "content.name": "name 7" }]) {
        const before = await looked();
        expect(await store.countContexts({ where })).toBe(contexts / 500);
        expect((await looked()) - before, JSON.stringify(where)).toBeLessThan(contexts / 4);
      }
    });
});
