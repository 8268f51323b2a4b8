import { parentPort, workerData } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import { connect, pageCacheKibibytes } from "../connection/connection.ts";
import { toFault } from "../connection/faults.ts";
import { createPruning, type Pruning } from "../pruning/pruning.ts";
import { type Commit, createCommit } from "./commit.ts";
import { createRestore, type Restore } from "./restore.ts";
import type { Answer, Done, Order, Task, WriterData } from "./writer.ts";

/**
 * The thread that large writes run in, on a connection of its own. It may wait for a lock: nobody waits for it
 * but the write's own caller. The connection is made with the first order, so that its failure is an answer.
 */
const { path, key }: WriterData = workerData;
type Connected = {
  readonly database: Database;
  readonly commit: Commit;
  readonly restore: Restore;
  readonly prune: Pruning;
};
let connected: Connected | undefined;

const connection = (): Connected => {
  const database = connect({ path, key }, limits.busyMilliseconds, pageCacheKibibytes.writer);
  return {
    database,
    commit: createCommit(database, path),
    restore: createRestore(database, path),
    prune: createPruning(database, path),
  };
};

const perform = (task: Task, { commit, restore, prune }: Connected): Done => {
  if ("groups" in task) return { outcomes: commit(task.groups, task.now) };
  if ("prune" in task) return { pruned: prune(task.prune) };
  restore(task.tenant, task.entries);
  return { outcomes: [] };
};

const answer = ({ number, task }: Order): Answer => {
  try {
    connected ??= connection();
    return { number, ...perform(task, connected) };
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
