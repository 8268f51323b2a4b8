import { openContextbase } from "../../src/index.ts";
import type { VectorPeer } from "../vectors/peers.ts";
import { itemsOf, numberOf, whereOf } from "./items.ts";

/**
 * Contextbase by its public interface, as it comes: the whole call, the contexts of the hits fetched.
 * @param url of a store that holds the items
 */
export const openSearcher = async (
  url: string,
  key: Uint8Array | undefined,
  dimensions: number,
): Promise<Omit<VectorPeer, "close"> & { readonly close: () => Promise<void> }> => {
  const component = itemsOf(dimensions);
  const base = await openContextbase({ url, key, components: [component] });
  const store = base.store(component);
  return {
    name: "Contextbase",
    search: async (embeddings, limit, filter) => {
      const hits = await store.searchContexts({ embeddings, limit, where: filter && whereOf(filter) });
      return hits.map(({ context }) => numberOf(context.id));
    },
    close: () => base.close(),
  };
};
