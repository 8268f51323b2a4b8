import { join } from "node:path";
import { type Component, defineComponent, type Embed, type Engine, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { newId } from "../../src/base/ids.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { countOutdated } from "../../src/maintenance/outdated.ts";
import { type ReembedOptions, reembed } from "../../src/maintenance/reembed.ts";
import { isOf } from "../../src/model/embedding-bytes.ts";
import { hashEmbeddings } from "../../src/testing/hash-embeddings.ts";
import { temporaryFolder } from "../contract/engines.ts";

const tenants = ["default", "it's", "é"];
const contexts = 300;

/** A component whose embedder tells what it was asked. */
const noteOf = (
  model: string,
  dimensions: number,
  before: (texts: readonly string[]) => Promise<void> | void = () => {},
) => {
  const asked: string[] = [];
  const hashed = hashEmbeddings(dimensions, model);
  const embed: Embed = async (texts, options) => {
    await before(texts);
    asked.push(...texts);
    return hashed.embed(texts, options);
  };
  return { asked, Note: defineComponent({ name: "Note", embeddings: { ...hashed, embed } }) };
};

const note = (id: string, text: string) => ({ id, type: "note", content: { text } });

/** A file with contexts of a model, some deleted, one without a text and one with a vector alone. */
const filled = async () => {
  const path = join(temporaryFolder(), "store.db");
  const { Note } = noteOf("old", 8);
  const open = (component: Component = Note) =>
    openContextbase({ url: `file:${path}`, components: [component] }).then((base) => {
      onTestFinished(() => base.close());
      return base;
    });
  const openEngine = async (): Promise<Engine> => {
    const engine = sqlite({ path, key: undefined });
    onTestFinished(() => engine.close());
    await engine.open([]);
    return engine;
  };
  const base = await open();
  for (const tenant of tenants) {
    const store = base.as({ id: "ann", tenant }).store(Note);
    const texts = Array.from({ length: contexts }, (_, number) =>
      note(`n${number}`, `text ${number} of ${tenant}`),
    );
    await store.storeContexts([...texts, note("empty", ""), note("gone", "gone")]);
    await store.deleteContext("gone");
    await store.storeContext({ ...note("picture", ""), embeddings: Array.from({ length: 8 }, () => 1) });
  }
  return { Note, base, open, openEngine };
};

const options: ReembedOptions = { actor: "bob", clock: () => Date.now(), newId };

/** The ids of a tenant whose vector is the component's. */
const fitting = async (engine: Engine, { name, indexing }: Component, tenant: string): Promise<string[]> => {
  const query = {
    tenant,
    component: name,
    type: undefined,
    where: undefined,
    order: undefined,
    after: undefined,
  };
  const page = await engine.list({ ...query, limit: 1_000 });
  return page.contexts.flatMap(({ id, embeddings }) =>
    embeddings && isOf(embeddings, indexing) ? [id] : [],
  );
};

describe("reembed", () => {
  it("[Q9] gives every context of every tenant a vector of the new model, and lets the store be opened with it", async () => {
    const { Note, base, open, openEngine } = await filled();
    const { Note: Next, asked } = noteOf("new", 4);
    await expect(open(Next)).rejects.toMatchObject({ code: "embedding_changed" });
    const engine = await openEngine();
    const count = { contexts: tenants.length * (contexts + 2), outdated: tenants.length * (contexts + 1) };
    expect(await countOutdated(engine, Next, {})).toEqual(count);
    const told: number[] = [];
    const done = await reembed(engine, Next, { ...options, onProgress: (embedded) => told.push(embedded) });
    expect(done).toEqual({ embedded: count.outdated, left: 0, noted: true });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(count.outdated);
    expect(asked).toHaveLength(tenants.length * contexts);
    expect(await countOutdated(engine, Next, {})).toMatchObject({ outdated: 0 });

    const next = await open(Next);
    await expect(open(Note)).rejects.toMatchObject({ code: "embedding_changed" });
    for (const tenant of tenants) {
      expect(await fitting(engine, Next, tenant)).toHaveLength(contexts);
      const store = next.as({ id: "x", tenant }).store(Next);
      expect((await store.getContext("picture")).embeddings).toHaveLength(0);
      expect((await store.getContext("n7")).embeddings).toHaveLength(4);
      const before = await store.getContext("n7", { version: 1 });
      expect(before.embeddings).toHaveLength(8);
      expect((await store.history("n7")).versions.map(({ actor }) => actor)).toEqual(["bob", "ann"]);
      expect((await store.history("gone")).versions).toHaveLength(2);
    }
    expect((await base.store(Note).getContext("n7")).content).toEqual({ text: "text 7 of default" });
    expect(await reembed(engine, Next, options)).toEqual({ embedded: 0, left: 0, noted: true });
  });

  it("[Q9] goes on where it ended, and asks for nothing twice", async () => {
    const { open, openEngine } = await filled();
    let left = 1;
    const { Note: Next, asked } = noteOf("new", 8, () => {
      if (left-- <= 0) throw new Error("The model broke.");
    });
    const engine = await openEngine();
    await expect(reembed(engine, Next, options)).rejects.toMatchObject({ code: "embedding_failed" });
    expect(asked.length).toBeGreaterThan(0);
    await expect(open(Next)).rejects.toMatchObject({ code: "embedding_changed" });
    left = Number.POSITIVE_INFINITY;
    await reembed(engine, Next, options);
    expect(asked).toHaveLength(tenants.length * contexts);
    expect(new Set(asked).size).toBe(asked.length);
    await open(Next);
  });

  it("[Q9] looks again at what others change meanwhile, and at what old code writes until it ends", async () => {
    const { Note, base, openEngine } = await filled();
    const old = base.store(Note);
    let meddled = 0;
    const { Note: Next } = noteOf("new", 8, async (texts) => {
      if (!texts.some((text) => /default/.test(text)) || meddled++ > 2) return;
      await old.storeContexts([
        note("n3", `changed ${meddled} times, default`),
        note(`late ${meddled}`, "late"),
      ]);
    });
    const engine = await openEngine();
    const { left, embedded } = await reembed(engine, Next, options);
    expect(left).toBe(0);
    expect(embedded).toBeGreaterThan(tenants.length * (contexts + 1));
    const ids = await fitting(engine, Next, "default");
    expect(ids).toEqual(expect.arrayContaining(["n3", "late 1"]));
    expect(ids).toHaveLength(contexts + 3);
    expect((await old.getContext("n3")).content.text).toMatch(/^changed 3 times/);
  });

  it("[Q9] does only the tenants that are named, and notes nothing then", async () => {
    const { Note, open, openEngine } = await filled();
    const { Note: Next } = noteOf("new", 8);
    const engine = await openEngine();
    const one = await reembed(engine, Next, { ...options, tenants: ["it's"] });
    expect(one).toEqual({ embedded: contexts + 1, left: 0, noted: false });
    expect(await fitting(engine, Next, "it's")).toHaveLength(contexts);
    expect(await fitting(engine, Note, "default")).toHaveLength(contexts + 1);
    await expect(open(Next)).rejects.toMatchObject({ code: "embedding_changed" });
    await open(Note);
  });

  it("[Q9] names the context whose text is refused, and has done what came before it", async () => {
    const { openEngine } = await filled();
    const engine = await openEngine();
    const { Note: Next } = noteOf("new", 8, (texts) => {
      if (texts.includes("text 17 of it's")) throw new Error("too odd");
    });
    const error = await reembed(engine, Next, options).catch((cause) => cause);
    expect(error).toMatchObject({ code: "embedding_failed", details: { tenant: "it's", id: "n17" } });
    expect(error.message).toContain(`Note "n17" of tenant "it's" gets no vector.`);
    expect(error.message).not.toContain("text 17");
    expect(await fitting(engine, Next, "default")).toHaveLength(contexts);
  });

  it("[Q9] ends by a signal, and leaves the content as it is, also where the component would not take it now", async () => {
    const { openEngine } = await filled();
    const engine = await openEngine();
    const stopping = new AbortController();
    const { Note: Slow } = noteOf("new", 8, () => stopping.abort(new Error("stopped")));
    await expect(reembed(engine, Slow, { ...options, signal: stopping.signal })).rejects.toThrow("stopped");
    const strict = { type: "object", properties: { text: { type: "number" } }, required: ["text"] };
    const Strict = defineComponent({
      name: "Note",
      types: { note: strict },
      schemaVersion: 2,
      compatibility: "none",
      embeddings: hashEmbeddings(8, "new"),
    });
    await reembed(engine, Strict, options);
    const [stored] = await engine.read({ tenant: "default", component: "Note" }, ["n1"]);
    expect(stored).toMatchObject({ version: 2, schemaVersion: 1, content: '{"text":"text 1 of default"}' });
  });
});
