import { parentPort, workerData } from "node:worker_threads";
import { limits } from "../../../base/limits.ts";
import { connect } from "../connection/connection.ts";
import { type CheckOrder, checkDatabase } from "./check.ts";

/** The thread of one examination, on a connection of its own. */
const order: CheckOrder = workerData;
const database = connect(order.file, limits.busyMilliseconds);
try {
  parentPort?.postMessage(checkDatabase(database, order));
} finally {
  database.close();
}
