import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import { waitAtMost } from "../../../base/wait-at-most.ts";
import type { Key } from "../../engine.ts";
import { connect, pageCacheKibibytes } from "../connection/connection.ts";
import { toFault } from "../connection/faults.ts";
import { createSearcher, type Indexings, type Searcher } from "./answering/searcher.ts";
import { followInBackground } from "./following.ts";
import type { IndexingEntries, SearchFault, SearchOrder, SearchReply, SearchThreadData } from "./messages.ts";

/**
 * The thread that searches, on a connection of its own, which only reads. The connection is made with the first
 * search, so that its failure is an answer.
 */
const { file, indexings: first }: SearchThreadData = workerData;
type Connected = { readonly database: Database; readonly searcher: Searcher; readonly leave: () => void };
let connected: Connected | undefined;
let indexings: Indexings = new Map(first);

const connection = (): Connected => {
  const database = connect(file, limits.busyMilliseconds, pageCacheKibibytes.reader);
  database.pragma("query_only = 1");
  const searcher = createSearcher(database, file, () => indexings, false);
  return { database, searcher, leave: followInBackground(database, searcher) };
};

const named = (cause: unknown): SearchFault => {
  const fault = toFault(cause, file.path);
  if (!(fault instanceof ContextbaseError)) throw fault;
  const { code, message, component, details } = fault;
  return { code, message, component, details };
};

const reply = async ({ number, query }: Extract<SearchOrder, { number: number }>): Promise<SearchReply> => {
  try {
    connected ??= connection();
    const { searcher } = connected;
    const answer = await searcher.search(query);
    return { number, answer, contexts: searcher.documents(query) };
  } catch (cause) {
    return { number, fault: named(cause) };
  }
};

/** What fails here is told to who searches. */
const expect = (key: Key): void => {
  try {
    connected ??= connection();
    connected.searcher.expect(key);
  } catch (cause) {
    named(cause);
  }
};

const exchange = (entries: IndexingEntries): void => {
  indexings = new Map(entries);
};

parentPort?.on("message", async (order: SearchOrder) => {
  if (order === "close") {
    connected?.leave();
    await waitAtMost(limits.searchCloseMilliseconds, connected?.searcher.keep());
    connected?.searcher.close();
    connected?.database.close();
    parentPort?.close();
  } else if ("indexings" in order) {
    exchange(order.indexings);
  } else if ("expected" in order) {
    expect(order.expected);
  } else {
    parentPort?.postMessage(await reply(order));
  }
});
