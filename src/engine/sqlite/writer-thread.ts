import { parentPort, workerData } from "node:worker_threads";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { createCommit } from "./commit.ts";
import { connect } from "./connection.ts";
import { toFault } from "./faults.ts";
import type { Answer, Order, WriterData } from "./writer.ts";

/** The thread that large commits run in, on a connection of its own. It may wait for a lock: nobody else waits for it. */
const { path, key }: WriterData = workerData;
const database = connect({ path, key }, limits.busyMilliseconds);
const commit = createCommit(database, path);

const answer = ({ groups, now }: Order): Answer => {
  try {
    return { outcomes: commit(groups, now) };
  } catch (cause) {
    const fault = toFault(cause, path);
    if (fault instanceof ContextbaseError) {
      return { fault: { code: fault.code, message: fault.message, details: fault.details } };
    }
    throw fault;
  }
};

parentPort?.on("message", (order: Order | "close") => {
  if (order !== "close") {
    parentPort?.postMessage(answer(order));
    return;
  }
  database.close();
  parentPort?.close();
});
