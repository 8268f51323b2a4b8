import type { Indexing } from "../../../model/indexing.ts";
import type { RegisteredComponent } from "../../port/records.ts";
import { toIndexing } from "../../to-indexing.ts";

/** What is kept of each component so that it can be found, by its name. */
export type Indexings = {
  /** Components that were opened. The last description of a name counts. */
  readonly open: (components: readonly RegisteredComponent[]) => void;
  readonly of: (component: string) => Indexing | undefined;
  readonly names: () => string[];
  /** Looks up what this process did not open among what the store knows; what nobody opened is not found. */
  readonly learn: (components: readonly string[]) => Promise<void>;
};

export const createIndexings = (noted: () => Promise<RegisteredComponent[]>): Indexings => {
  const known = new Map<string, Indexing>();
  return {
    open: (components) => {
      for (const component of components) known.set(component.name, toIndexing(component));
    },
    of: (component) => known.get(component),
    names: () => [...known.keys()],
    learn: async (components) => {
      if (components.every((name) => known.has(name))) return;
      for (const component of await noted()) {
        if (!known.has(component.name)) known.set(component.name, toIndexing(component));
      }
    },
  };
};
