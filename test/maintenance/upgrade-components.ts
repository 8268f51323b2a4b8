import { type Component, defineComponent, type Engine } from "../../src/index.ts";
import { hashEmbeddings } from "../../src/testing/hash-embeddings.ts";

export const tenants = ["default", "it's"];

const shared = { name: "Note", indexes: ["content.n", "metadata.seen"], embeddings: hashEmbeddings(32, "m") };

/** A component as it was, and as it is: each upgrade makes `n` one more, and the second changes the text. */
export const Old = defineComponent(shared);

export const Middle = defineComponent({
  ...shared,
  schemaVersion: 2,
  upgrades: { 2: { note: ({ content }) => ({ content: { ...content, n: Number(content.n) + 1 } }) } },
});

export const New = defineComponent({
  ...shared,
  schemaVersion: 3,
  upgrades: {
    ...Middle.definition.upgrades,
    3: ({ content, metadata }) => ({
      content: { ...content, n: Number(content.n) + 1, text: `upgraded ${content.text}` },
      metadata: { ...metadata, seen: true },
    }),
  },
});

export const note = (id: string, n: number, text = `plain ${id}`) => ({
  id,
  type: "note",
  content: { n, text },
});

/** What is stored of a tenant's contexts, by id: its schema version, version and body. */
export const storedOf = async (engine: Engine, { name }: Component, tenant: string) => {
  const query = { tenant, component: name, type: undefined, where: undefined, order: undefined };
  const { contexts } = await engine.list({ ...query, after: undefined, limit: 1_000 });
  return new Map(contexts.map((one) => [one.id, one]));
};
