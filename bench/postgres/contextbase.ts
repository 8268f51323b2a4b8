import { openContextbase } from "../../src/index.ts";
import { names } from "../measure.ts";
import { Note } from "../samples.ts";
import type { ServerSide } from "./side.ts";

/** Contextbase by its public interface, as it comes. @param url of the running role, with its schema */
export const openContextbaseSide = async (url: string): Promise<ServerSide> => {
  const base = await openContextbase({ url, components: [Note] });
  const store = base.store(Note);
  return {
    name: names.contextbase,
    put: (sample) => store.storeContext(sample),
    get: (id) => store.retrieveContext(id),
    close: () => base.close(),
  };
};
