import type { Engine } from "../../engine.ts";
import type { Run } from "../connection/run.ts";
import type { StoreFile } from "../connection/store-file.ts";
import type { Finding } from "./list.ts";
import { createReader } from "./reader.ts";

/** The lists and counts of a store: those that take long go to a thread, where there is a file that it can open. */
export type Findings = Pick<Engine, "list" | "count"> & { readonly close: () => Promise<void> };

export const createFindings = (file: StoreFile, run: Run<{ readonly finding: Finding }>): Findings => {
  const reader = file.path === ":memory:" ? undefined : createReader(file);
  const runsIn = reader ? "caller" : "reader";
  return {
    list: async (query) => {
      const found = await run(({ finding }) => finding.list(query, runsIn));
      if (found) return found;
      if (reader) return reader.list(query);
      throw new Error("A list without a thread is made at once.");
    },
    count: async (query) => {
      const found = await run(({ finding }) => finding.count(query, runsIn));
      if (found !== undefined) return found;
      if (reader) return reader.count(query);
      throw new Error("A count without a thread is made at once.");
    },
    close: async () => await reader?.close(),
  };
};
