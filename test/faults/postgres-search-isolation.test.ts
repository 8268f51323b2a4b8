import { type Client, escapeIdentifier } from "pg";
import { beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const [ours, theirs] = ["ann", "a%n' OR true --\\/__proto__ 🦉"] as const;

let schema = "";

const fill = async (schemaName: string): Promise<void> => {
  const engine = postgres({ url: urlOf("app"), schema: schemaName });
  await using base = await openContextbase({ engine, components: [Anything] });
  for (const tenant of [ours, theirs]) {
    const store = base.as({ id: "writer", tenant }).store(Anything);
    for (const id of tenant === ours ? ["a", "b"] : ["a", "b", "c"])
      await store.storeContext({
        id,
        type: "t",
        content: { text: `shared words, secret${tenant.length}` },
        embeddings: [1, 2, 3, 4],
      });
  }
};

const columnOf = async (client: Client, text: string, values: readonly unknown[] = []): Promise<string[]> =>
  (await client.query<unknown[]>({ text, values: [...values], rowMode: "array" })).rows.map(([value]) =>
    String(value),
  );

/** In a transaction of a tenant, which leaves nothing behind. */
const asTenant = async <Result>(
  client: Client,
  tenant: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> => {
  await client.query("BEGIN");
  try {
    if (tenant !== undefined)
      await client.query("SELECT set_config('contextbase.tenant', $1, true)", [tenant]);
    return await work();
  } finally {
    await client.query("ROLLBACK");
  }
};

/** Asks the function that reads as the owner for texts with any of these lexemes. */
const find = (
  client: Client,
  rules: string,
  lexemes: readonly string[],
  must: string | null,
  among: readonly string[] | null,
): Promise<{ place: string | null; id: string | null; version: string; held: string[] }[]> =>
  client
    .query({
      text: `SELECT place, id, version, held FROM ${schema}.find_texts('Anything', $1,
        ARRAY(SELECT format('%L', l)::tsquery FROM unnest($2::text[]) l),
        array_fill(NULL::text, ARRAY[cardinality($2::text[])]),
        array_fill(NULL::bigint, ARRAY[cardinality($2::text[])]), $3::tsquery, $4::bigint[], 1000000, NULL)`,
      values: [rules, lexemes, must, among],
    })
    .then(({ rows }) => rows);

describe.runIf(hasServer)(`the function that searches as the owner${skipped}`, () => {
  beforeEach(async () => {
    const name = await newSchema();
    schema = escapeIdentifier(name);
    await fill(name);
  });

  it("[S5] gives a transaction its own tenant's texts and counts alone, whatever it is asked", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    const [rules = ""] = await columnOf(owner, `SELECT rules FROM ${schema}.texts`);
    const lexemes = await columnOf(
      owner,
      `SELECT DISTINCT u.lexeme FROM ${schema}.texts t CROSS JOIN LATERAL unnest(t.terms) u ORDER BY 1`,
    );
    const places = await columnOf(owner, `SELECT DISTINCT place FROM ${schema}.texts`);
    const idsOf = new Map<string, string[]>([
      [ours, ["a", "b"]],
      [theirs, ["a", "b", "c"]],
    ]);
    for (const tenant of [undefined, "", "nobody", "%", "a%", `${ours}' OR '1'='1`, ours, theirs]) {
      const own = idsOf.get(tenant ?? "") ?? [];
      for (const [must, among] of [
        [null, null],
        [null, places],
        ["!'none of them has it'", places],
      ] as const) {
        const [info, ...found] = await asTenant(app, tenant, () => find(app, rules, lexemes, must, among));
        const asked = `${tenant} ${must} ${among}`;
        expect(found.map(({ id }) => id).sort(), asked).toEqual(own);
        // How many texts there are, and how many hold each term, is told of its own alone.
        expect(Number(info?.version), asked).toBe(own.length);
        const counts = info?.held.slice(0, lexemes.length).map(Number) ?? [];
        expect(Math.max(...counts), asked).toBe(own.length);
      }
    }
  });

  it("[S5] no two tenants have a term of the index in common", async () => {
    const owner = await connectAs("owner");
    const shared = await columnOf(
      owner,
      `SELECT u.lexeme FROM ${schema}.texts t CROSS JOIN LATERAL unnest(t.terms) u
       GROUP BY u.lexeme HAVING count(DISTINCT t.tenant) > 1`,
    );
    expect(shared).toEqual([]);
  });

  it("[S5] calls nothing that a role brings along, and is for those who were let in", async () => {
    const [app, owner] = [await connectAs("app"), await connectAs("owner")];
    const ofSchema = "FROM pg_proc p WHERE pronamespace = $1::regnamespace AND prosecdef";
    const [settings] = await columnOf(owner, `SELECT array_to_string(proconfig, '; ') ${ofSchema}`, [schema]);
    expect(settings).toContain("search_path=pg_catalog, pg_temp");
    const granted = await columnOf(
      owner,
      `SELECT coalesce(r.rolname, 'public') FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a
         LEFT JOIN pg_roles r ON r.oid = a.grantee
       WHERE p.pronamespace = $1::regnamespace AND p.prosecdef ORDER BY 1`,
      [schema],
    );
    const names = [urlOf("app"), urlOf("owner")].map((url) => decodeURIComponent(new URL(url).username));
    expect(granted).toEqual(names.sort());
    // Objects of the caller's own that are called as those of the server are.
    const found = await asTenant(app, theirs, async () => {
      await app.query(`SET LOCAL search_path = pg_temp, ${schema}`);
      await app.query("SET LOCAL row_security = on");
      const [rules = ""] = await columnOf(app, `SELECT DISTINCT rules FROM ${schema}.texts`);
      return find(app, rules, ["x"], null, null);
    });
    expect(found).toHaveLength(1);
  });
});
