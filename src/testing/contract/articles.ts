import { type ContextStore, defineComponent, type Hits } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

export const Article = defineComponent({
  name: "Article",
  searchText: ["content.title", "content.text"],
  indexes: ["metadata.source", "metadata.year"],
});

export type Articles = ContextStore<typeof Article>;

export const idsOf = (hits: Hits<typeof Article>): string[] => hits.map(({ context }) => context.id);

export const article = (id: string, title: string, text: string, metadata = {}) => ({
  id,
  type: "article",
  content: { title, text, hidden: "zebra" },
  metadata,
});

export const openArticles = async (engine: EngineUnderTest): Promise<Articles> => {
  const store = (await openNew(engine, [Article])).store(Article);
  await store.storeContexts([
    article("refund", "Refunds", "A refund takes five days to reach the customer.", {
      source: "faq",
      year: 2024,
    }),
    article("invoice", "Invoices", "The customer finds every invoice under Billing.", {
      source: "faq",
      year: 2025,
    }),
    article("parrot", "Parrots", "Parrots are birds. Café Müller has two of them.", { source: "blog" }),
    article("error", "Loading fails", "ERR_DLOPEN_FAILED comes from getUserById in v1.2.3", {
      source: "log",
    }),
  ]);
  return store;
};
