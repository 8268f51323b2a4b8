import { z } from "zod";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { inBatches } from "../samples.ts";

const batchContexts = 5_000;

/** @param searched whether the texts can be searched */
const textsOf = (searched: boolean) =>
  defineComponent({
    name: "Text",
    types: { text: z.object({ text: z.string() }) },
    searchText: searched ? ["content.text"] : [],
  });

export type Texts = {
  readonly load: (texts: readonly string[]) => Promise<void>;
  /** The numbers of the ten best. */
  readonly search: (question: string) => Promise<number[]>;
  readonly close: () => Promise<void>;
};

/** A store of texts by its public interface, as it comes. */
export const openTexts = async (path: string, key: Uint8Array, searched: boolean): Promise<Texts> => {
  const component = textsOf(searched);
  const base = await openContextbase({ url: `file:${path}`, key, components: [component] });
  const store = base.store(component);
  return {
    load: async (texts) => {
      let before: Promise<unknown> = Promise.resolve();
      for (const [batch, some] of inBatches(texts, batchContexts).entries()) {
        const current = store.storeContexts(
          some.map((text, at) => ({
            id: String(batch * batchContexts + at),
            type: "text",
            content: { text },
          })),
        );
        await before;
        before = current;
      }
      await before;
    },
    search: async (text) => {
      const hits = await store.searchContexts({ text, limit: 10 });
      return hits.map(({ context }) => Number(context.id));
    },
    close: () => base.close(),
  };
};
