import { defineComponent, type Engine } from "contextbase";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/ids.ts";
import { reembed } from "../../src/maintenance/reembed.ts";
import { createNew } from "../../src/testing/engine-under-test.ts";
import { hashEmbeddings } from "../../src/testing/hash-embeddings.ts";
import { engines } from "../contract/engines.ts";

const noteOf = (model: string, dimensions: number) =>
  defineComponent({ name: "Note", embeddings: hashEmbeddings(dimensions, model) });

const options = { actor: "bob", clock: () => Date.now(), newId };
const texts = ["red apples", "green pears", "blue plums"];
const tenants = ["default", "it's"];

describe.each(engines.filter(({ capabilities }) => capabilities.port === true))(
  "reembed on $name",
  (engine) => {
    it("[Q9] takes a store to another model and length, and it is searched by that", async () => {
      const data = await createNew(engine);
      const [Old, New] = [noteOf("old", 32), noteOf("new", 48)];
      const old = await data.open({ components: [Old] });
      for (const tenant of tenants) {
        const store = old.as({ id: "ann", tenant }).store(Old);
        await store.storeContexts(
          texts.map((text, at) => ({ id: `n${at}`, type: "note", content: { text } })),
        );
      }
      const nearest = async (base: typeof old, component: typeof Old, tenant: string) => {
        const store = base.as({ id: "x", tenant }).store(component);
        const [hit] = await store.searchContexts({ text: "green pears", limit: 1 });
        return [hit?.context.id, hit?.why.vector?.similarity.toFixed(2)];
      };
      if (engine.capabilities.vectors === true)
        expect(await nearest(old, Old, "default")).toEqual(["n1", "1.00"]);
      await expect(data.open({ components: [New] })).rejects.toMatchObject({ code: "embedding_changed" });

      const owner: Engine = await data.openEngine();
      const done = await reembed(owner, New, options);
      expect(done).toEqual({ embedded: texts.length * tenants.length, left: 0, noted: true });
      const base = await data.open({ components: [New] });
      for (const tenant of tenants) {
        const { contexts } = await base.as({ id: "x", tenant }).store(New).listContexts();
        expect(contexts.map(({ embeddings, version }) => [embeddings.length, version])).toEqual(
          texts.map(() => [48, 2]),
        );
        if (engine.capabilities.vectors === true)
          expect(await nearest(base, New, tenant)).toEqual(["n1", "1.00"]);
      }
      await expect(data.open({ components: [Old] })).rejects.toMatchObject({ code: "embedding_changed" });
    });
  },
);
