import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type Commit, createCommit } from "./commit.ts";
import { connect, pageCacheKibibytes } from "./connection.ts";
import { toFault } from "./faults.ts";
import type { Answer, Order, WriterData } from "./writer.ts";

/**
 * The thread that large commits run in, on a connection of its own. It may wait for a lock: nobody waits for it
 * but the commit's own caller. The connection is made with the first order, so that its failure is an answer.
 */
const { path, key }: WriterData = workerData;
let connected: { readonly database: Database; readonly commit: Commit } | undefined;

const connection = (): { readonly database: Database; readonly commit: Commit } => {
  const database = connect({ path, key }, limits.busyMilliseconds, pageCacheKibibytes.writer);
  return { database, commit: createCommit(database, path) };
};

const answer = ({ number, groups, now }: Order): Answer => {
  try {
    connected ??= connection();
    return { number, outcomes: connected.commit(groups, now) };
  } catch (cause) {
    const fault = toFault(cause, path);
    if (!(fault instanceof ContextbaseError)) throw fault;
    return { number, fault: { code: fault.code, message: fault.message, details: fault.details } };
  }
};

parentPort?.on("message", (order: Order | "close") => {
  if (order !== "close") {
    parentPort?.postMessage(answer(order));
    return;
  }
  connected?.database.close();
  parentPort?.close();
});
