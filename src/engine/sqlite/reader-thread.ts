import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { connect, pageCacheKibibytes } from "./connection.ts";
import { toFault } from "./faults.ts";
import { createFinding, type Finding } from "./finding.ts";
import type { ReadAnswer, ReaderData, ReadOrder, ReadTask } from "./reader.ts";

/**
 * The thread that long reads run in, on a connection of its own. The connection is made with the first order, so
 * that its failure is an answer.
 */
const { path, key }: ReaderData = workerData;
type Connected = { readonly database: Database; readonly finding: Finding };
let connected: Connected | undefined;

const connection = (): Connected => {
  const database = connect({ path, key }, limits.busyMilliseconds, pageCacheKibibytes.writer);
  return { database, finding: createFinding(database) };
};

const perform = (number: number, task: ReadTask, { list, count }: Finding): ReadAnswer => {
  if ("list" in task) {
    const { contexts = [], next, plan = [] } = list(task.list, "reader") ?? {};
    return { number, page: { contexts, next, plan } };
  }
  return { number, count: count(task.count, "reader") ?? 0 };
};

const answer = ({ number, task }: ReadOrder): ReadAnswer => {
  try {
    connected ??= connection();
    return perform(number, task, connected.finding);
  } catch (cause) {
    const fault = toFault(cause, path);
    if (!(fault instanceof ContextbaseError)) throw fault;
    return { number, fault: { code: fault.code, message: fault.message, details: fault.details } };
  }
};

parentPort?.on("message", (order: ReadOrder | "close") => {
  if (order !== "close") {
    parentPort?.postMessage(answer(order));
    return;
  }
  connected?.database.close();
  parentPort?.close();
});
