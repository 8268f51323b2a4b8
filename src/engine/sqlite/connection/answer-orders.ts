import { parentPort } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Answer, Order } from "./asking.ts";
import { connect, pageCacheKibibytes } from "./connection.ts";
import { toFault } from "./faults.ts";
import type { StoreFile } from "./store-file.ts";

/**
 * The thread's side of `createAsking`: answers orders on a connection of its own, which is made with the first of them,
 * so that its failure is an answer.
 * @param prepare gives what performs tasks on a connection
 */
export const answerOrders = <Task, Found>(
  { path, key }: StoreFile,
  prepare: (database: Database) => (task: Task) => Found,
): void => {
  let connected: { readonly database: Database; readonly perform: (task: Task) => Found } | undefined;

  const connection = (): NonNullable<typeof connected> => {
    const database = connect({ path, key }, limits.busyMilliseconds, pageCacheKibibytes.writer);
    return { database, perform: prepare(database) };
  };

  const answer = ({ number, task }: Order<Task>): Answer<Found> => {
    try {
      connected ??= connection();
      return { number, found: connected.perform(task) };
    } catch (cause) {
      const fault = toFault(cause, path);
      if (!(fault instanceof ContextbaseError)) throw fault;
      const { code, message, component, details } = fault;
      return { number, fault: { code, message, component, details } };
    }
  };

  parentPort?.on("message", (order: Order<Task> | "close") => {
    if (order !== "close") {
      parentPort?.postMessage(answer(order));
      return;
    }
    connected?.database.close();
    parentPort?.close();
  });
};
