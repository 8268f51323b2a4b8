import { type Component, type Contextbase, defineComponent, type PruneOptions } from "../../index.ts";

export const day = 24 * 60 * 60 * 1_000;

export const Newest = defineComponent({ name: "Newest", retention: { versions: 3 } });
export const Recent = defineComponent({ name: "Recent", retention: { for: "10 days" } });
export const Thinned = defineComponent({
  name: "Thinned",
  embeddings: { dimensions: 2 },
  retention: {
    thin: [
      { within: "1 day", keep: "all" },
      { within: "30 days", keep: "daily" },
      { within: "1 year", keep: "monthly" },
    ],
  },
});

export const otherTenant = "other'; --";

/** A role that sees one tenant at a time must be told which there are. */
export const prune = (base: Contextbase, options: PruneOptions = {}) =>
  base.prune({ tenants: ["default", otherTenant], ...options });

export const note = (text: number) => ({ type: "note", content: { text } });

/** Bodies that compress well, badly, and not at all against each other. */
export const body = (version: number) => ({
  type: "note",
  content: {
    version,
    text: version % 5 === 0 ? "long ".repeat(9_000) : `text ${"of a length ".repeat(version % 7)}`,
    noise: Array.from({ length: 30 }, (_, index) => Math.imul(version + index, 2_654_435_761) >>> 0),
  },
});

export const versionsOf = async (base: Contextbase, component: Component, id: string): Promise<number[]> => {
  const { versions } = await base.store(component).history(id, { limit: 1_000 });
  return versions.map(({ version }) => version).reverse();
};
