import { escapeIdentifier } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { migrations } from "../../src/engine/postgres/layout/layout.ts";
import { type Component, defineComponent, openContextbase } from "../../src/index.ts";
import { connectAs, hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const contexts = 2_500;

const Note = defineComponent({ name: "Note", searchText: [], embeddings: { dimensions: 4 } });
const Found = defineComponent({
  name: "Note",
  searchText: ["content.text"],
  indexes: ["metadata.group"],
  embeddings: { dimensions: 4 },
});

const open = async (schema: string, component: Component) => {
  const base = await openContextbase({
    engine: postgres({ url: urlOf("app"), schema }),
    components: [component],
  });
  onTestFinished(() => base.close());
  return base;
};

/** Everything that a component may declare later finds what was stored before. */
const expectAllFound = async (schema: string): Promise<void> => {
  const base = await open(schema, Found);
  for (const tenant of ["default", "it's another"]) {
    const notes = base.as({ id: "me", tenant }).store(Found);
    const where = { "metadata.group": 3 };
    expect(await notes.countContexts({ where })).toBe(contexts / 10);
    const hits = await notes.searchContexts({ text: "number1234", embeddings: [], limit: 5 });
    expect(hits.map(({ context }) => context.id)).toEqual(["n1234"]);
    const near = await notes.searchContexts({ embeddings: [1, 0, 0, 0], where, limit: 3 });
    expect(near).toHaveLength(3);
    await vi.waitFor(
      async () => {
        const { plan } = await notes.listContexts({ where, explain: true });
        expect(plan?.[0]?.way).toBe("key rows");
      },
      { timeout: 10_000, interval: 50 },
    );
    expect(await notes.countContexts({ where })).toBe(contexts / 10);
    await notes.storeContext({
      id: "n3",
      type: "note",
      content: { text: "changed" },
      metadata: { group: 4 },
    });
    expect(await notes.countContexts({ where })).toBe(contexts / 10 - 1);
    const gone = await notes.searchContexts({ text: "number3", embeddings: [] });
    expect(gone.map(({ context }) => context.id)).not.toContain("n3");
  }
};

describe.runIf(hasServer)(`what was stored before it was wanted${skipped}`, () => {
  it("[Q1, Q3] is found by indexes, texts and vectors that a component declares later", async () => {
    const schema = await newSchema();
    const base = await open(schema, Note);
    for (const tenant of ["default", "it's another"]) {
      const notes = base.as({ id: "me", tenant }).store(Note);
      const all = Array.from({ length: contexts }, (_, n) => ({
        id: `n${n}`,
        type: "note",
        content: { text: `number${n} of many` },
        metadata: { group: n % 10 },
        embeddings: [1, n, 2, 3],
      }));
      await notes.storeContexts(all);
    }
    await expectAllFound(schema);
  });

  it("[Q1, Q3] is found in tables of the first layout, once they were updated, by who was let in before", async () => {
    const name = `layout_one_${process.pid}`;
    const schema = escapeIdentifier(name);
    const owner = await connectAs("owner");
    onTestFinished(async () => void (await owner.query(`DROP SCHEMA ${schema} CASCADE`)));
    const role = escapeIdentifier(decodeURIComponent(new URL(urlOf("app")).username));
    await owner.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.layout (version integer PRIMARY KEY, name text
      NOT NULL, at timestamptz NOT NULL DEFAULT now()); ${migrations[0]?.sql(schema, 3)}
      INSERT INTO ${schema}.layout (version, name) VALUES (1, 'tables'); GRANT USAGE ON SCHEMA ${schema} TO ${role};
      GRANT SELECT ON ${schema}.layout TO ${role};
      GRANT SELECT, INSERT, UPDATE ON ${schema}.contexts, ${schema}.versions, ${schema}.tenants, ${schema}.components TO ${role};
      GRANT SELECT, INSERT ON ${schema}.changes TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.writes TO ${role}`);
    for (const tenant of ["default", "it's another"]) {
      await owner.query(
        `INSERT INTO ${schema}.contexts SELECT $1, 'Note', 'n' || n, 1, false, n + 1, 'note', 1, n, n, 'me',
           json_build_object('text', 'number' || n || ' of many')::text, json_build_object('group', n % 10)::text,
           decode('0000803f000000400000004000000040', 'hex') FROM generate_series(0, ${contexts - 1}) n`,
        [tenant],
      );
      await owner.query(
        `INSERT INTO ${schema}.changes SELECT tenant, place, 'store', component, id, type, version, updated_at, actor,
           'w' || place FROM ${schema}.contexts WHERE tenant = $1`,
        [tenant],
      );
      await owner.query(
        `INSERT INTO ${schema}.writes SELECT tenant, write, position, 1 FROM ${schema}.changes WHERE tenant = $1`,
        [tenant],
      );
      await owner.query(`INSERT INTO ${schema}.tenants VALUES ($1, ${contexts})`, [tenant]);
    }
    const { plan } = await updateLayout({ url: urlOf("owner"), schema: name });
    expect(plan.pending[0]).toBe("finding");
    const { rows } = await owner.query(
      `SELECT count(*) AS parts FROM pg_inherits WHERE inhparent = $1::regclass`,
      [`${schema}.keys`],
    );
    expect(Number(rows[0].parts)).toBe(3);
    await expectAllFound(name);
  });
});
