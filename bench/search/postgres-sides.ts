import { PostgresStore } from "@langchain/langgraph-checkpoint-postgres/store";
import { updateLayout } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { inLoops } from "../postgres/side.ts";
import { makeTables, type Urls } from "../postgres/tables.ts";
import type { VectorData } from "../vectors/data.ts";
import { openSearcher } from "./contextbase.ts";
import { itemsOf, loadItems } from "./items.ts";
import { passThrough } from "./pass-through.ts";
import type { Searcher } from "./searcher.ts";

type ServerSearcher = Searcher & { readonly close: () => Promise<void> };

/** Contextbase with a context for each row, its index of vectors made as `contextbase update` makes it. */
export const loadServer = async (
  urls: Urls,
  schema: string,
  { rows }: VectorData,
): Promise<ServerSearcher> => {
  const dimensions = rows[0]?.vector.length ?? 0;
  const component = itemsOf(dimensions);
  const url = await makeTables(urls, schema);
  const base = await openContextbase({ url, components: [component] });
  await loadItems(base.store(component), rows);
  await base.close();
  await updateLayout({ url: urls.owner, schema });
  return openSearcher(url, undefined, dimensions);
};

const namespace = ["bench", "items"];

/** Its writers: each waits for its own put. */
const writers = 8;

/** LangGraph's PostgresStore with its index of vectors, all as its documentation sets it up, and an item for each row. */
export const openPostgresStore = async (
  url: string,
  schema: string,
  data: VectorData,
): Promise<ServerSearcher> => {
  const { rowText, queryText, embedDocuments: embed } = passThrough(data);
  const index = { dims: data.rows[0]?.vector.length ?? 0, fields: ["text"], embed };
  const store = PostgresStore.fromConnString(url, { schema, index });
  await store.setup();
  await inLoops(writers, [...data.rows.entries()], ([number, { tenth, hundredth, thousandth }]) =>
    store.put(namespace, String(number), { text: rowText(number), tenth, hundredth, thousandth }),
  );
  return {
    name: "PostgresStore",
    search: async (vector, limit, filter) => {
      const found = await store.search(namespace, {
        query: queryText(vector),
        limit,
        ...(filter && { filter: { [filter.column]: filter.value } }),
      });
      return found.map(({ key }) => Number(key));
    },
    close: () => store.stop(),
  };
};
