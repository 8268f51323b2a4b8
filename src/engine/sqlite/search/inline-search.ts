import type { Database } from "better-sqlite3-multiple-ciphers";
import type { SearchAnswer } from "../../engine.ts";
import type { StoreFile } from "../connection/store-file.ts";
import type { Asked } from "./answering/answering.ts";
import { createSearcher, type Searcher } from "./answering/searcher.ts";
import type { IndexingEntries } from "./messages.ts";
import type { SearchClient } from "./search-client.ts";

/** A store in memory has one connection alone, so its searches run where the caller does. */
export const createInlineSearch = (file: StoreFile, connection: () => Promise<Database>): SearchClient => {
  let known = new Map<string, IndexingEntries[number][1]>();
  let made: { readonly database: Database; readonly searcher: Searcher } | undefined;
  return {
    exchange: (entries) => {
      known = new Map(entries);
    },
    search: async (query: Asked): Promise<SearchAnswer> => {
      const database = await connection();
      if (made?.database !== database) {
        made?.searcher.close();
        made = { database, searcher: createSearcher(database, file, () => known, true) };
      }
      const { searcher } = made;
      const answer = await searcher.search(query);
      void searcher.follow();
      return answer;
    },
    expect: () => undefined,
    close: async () => made?.searcher.close(),
  };
};
