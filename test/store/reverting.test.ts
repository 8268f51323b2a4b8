import { join } from "node:path";
import { type Component, defineComponent, type Embed, openContextbase } from "contextbase";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { newId } from "../../src/base/ids.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { reembed } from "../../src/maintenance/reembed.ts";
import { hashEmbeddings } from "../../src/testing/hash-embeddings.ts";
import { temporaryFolder } from "../contract/engines.ts";

const noteOf = (model: string, dimensions: number) => {
  const asked: string[] = [];
  const hashed = hashEmbeddings(dimensions, model);
  const embed: Embed = async (texts, options) => {
    asked.push(...texts);
    return hashed.embed(texts, options);
  };
  const vectorOf = async (text: string) =>
    new Float32Array((await hashed.embed([text], { signal: undefined }))[0] ?? []);
  return { asked, vectorOf, Note: defineComponent({ name: "Note", embeddings: { ...hashed, embed } }) };
};

it.each([8, 12])(
  "[V10, V8, Q9] a vector of another model is made anew, of %i dimensions",
  async (dimensions) => {
    const path = join(temporaryFolder(), "store.db");
    const open = async (component: Component) => {
      const base = await openContextbase({ url: `file:${path}`, components: [component] });
      onTestFinished(() => base.close());
      return base;
    };
    const [old, next] = [noteOf("old", 8), noteOf("next", dimensions)];
    const before = await open(old.Note);
    for (const text of ["one", "two"])
      await before.store(old.Note).storeContext({ id: "a", type: "note", content: { text } });
    await before
      .store(old.Note)
      .storeContext({ id: "a", type: "note", content: { text: "three" } }, { write: "w" });
    await before.close();
    const engine = sqlite({ path, key: undefined });
    await engine.open([]);
    await reembed(engine, next.Note, { actor: "ann", clock: systemClock, newId });
    await engine.close();

    const base = await open(next.Note);
    const store = base.store(next.Note);
    expect((await store.diff("a")).embeddings).toEqual({ change: "replaced" });
    next.asked.length = 0;
    const reverted = await store.revertContext("a", 1);
    expect(reverted.embeddings).toEqual(await next.vectorOf("one"));
    expect(next.asked).toEqual(["one"]);
    const again = await store.revertContext("a", reverted.version);
    expect(again.embeddings).toEqual(reverted.embeddings);
    expect(next.asked).toEqual(["one"]);
    const { writes } = await base.undo({ actor: "anonymous", since: reverted.updatedAt });
    expect(writes).toHaveLength(1);
    expect((await store.getContext("a")).embeddings).toEqual(await next.vectorOf("three"));
  },
);
