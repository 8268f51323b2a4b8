import { Worker } from "node:worker_threads";
import type { CountQuery, ListPage, ListQuery } from "../../engine.ts";
import { createAsking } from "../connection/asking.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";

export type ReaderData = StoreFile;
export type ReadTask = { readonly list: ListQuery } | { readonly count: CountQuery };
export type ReadFound = { readonly page: ListPage } | { readonly count: number };

/** Lists and counts that take long, off the event loop, one after another. */
export type Reader = {
  readonly list: (query: ListQuery) => Promise<ListPage>;
  readonly count: (query: CountQuery) => Promise<number>;
  readonly close: () => Promise<void>;
};

const unexpected = (): Error => new Error("A thread answered what it was not asked.");

export const createReader = ({ path, key }: StoreFile): Reader => {
  const workerData: ReaderData = { path, key };
  const { ask, close } = createAsking<ReadTask, ReadFound>(
    () => new Worker(threadFile("reader-thread"), { workerData }),
  );
  return {
    list: async (query) => {
      const found = await ask({ list: query });
      if ("page" in found) return found.page;
      throw unexpected();
    },
    count: async (query) => {
      const found = await ask({ count: query });
      if ("count" in found) return found.count;
      throw unexpected();
    },
    close,
  };
};
