import { z } from "zod";
import { defineComponent } from "../../index.ts";
import { Anything } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

export const Page = defineComponent({
  name: "Page",
  types: {
    page: z.object({
      title: z.string(),
      views: z.number().max(1_000).default(0),
      tags: z.array(z.string()).default([]),
      fields: z.record(z.string(), z.number()).default({}),
    }),
    note: z.object({ text: z.string() }),
  },
  merge: { "content.views": "sum", "content.tags": "union", "metadata.seen": "max" },
});

export const page = (content: { title: string; [field: string]: unknown }, metadata = {}) => ({
  id: "a",
  type: "page" as const,
  content,
  metadata,
});

export const merge = { onConflict: "merge" } as const;

export const openPages = async (engine: EngineUnderTest) => {
  const base = await openNew(engine, [Page, Anything]);
  return { pages: base.store(Page), any: base.store(Anything) };
};
