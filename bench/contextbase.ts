import { type ContextOf, openContextbase } from "../src/index.ts";
import { names } from "./measure.ts";
import { Note, type Sample } from "./samples.ts";
import { type Side, weigh } from "./side.ts";

export type ContextbaseSide = Side & { readonly cacheHits: () => number };

/** Contextbase by its public interface, as it comes. */
export const openContextbaseSide = async (path: string, key: Uint8Array): Promise<ContextbaseSide> => {
  const base = await openContextbase({ url: `file:${path}`, key, components: [Note] });
  const store = base.store(Note);

  return {
    name: names.contextbase,
    putEach: async (samples) => {
      for (const sample of samples) await store.storeContext(sample);
    },
    putTogether: async (samples) => {
      await Promise.all(samples.map((sample) => store.storeContext(sample)));
    },
    // Two batches are in flight: one is checked and encoded while the one before is written.
    load: async (batches) => {
      let before: Promise<unknown> = Promise.resolve();
      for (const batch of batches) {
        const current = store.storeContexts(batch);
        await before;
        before = current;
      }
      await before;
    },
    getEach: async (ids) => {
      let sum = 0;
      for (const id of ids) {
        const context = await store.retrieveContext(id);
        if (context) sum += weigh(context);
      }
      return sum;
    },
    get: async (id) => {
      const context = await store.retrieveContext(id);
      return context && toSample(context);
    },
    cacheHits: () => store.monitor.snapshot().cacheHits,
    close: () => base.close(),
  };
};

const toSample = ({ id, type, content, metadata, embeddings }: ContextOf<typeof Note>): Sample => ({
  id,
  type,
  content,
  metadata,
  embeddings,
});
