import { workerData } from "node:worker_threads";
import { answerOrders } from "../connection/answer-orders.ts";
import { createFinding } from "./list.ts";
import type { ReaderData, ReadFound, ReadTask } from "./reader.ts";

/** The thread that long reads run in. */
const file: ReaderData = workerData;

answerOrders<ReadTask, ReadFound>(file, (database) => {
  const { list, count } = createFinding(database);
  return (task) => {
    if ("count" in task) return { count: count(task.count, "reader") ?? 0 };
    const page = list(task.list, "reader");
    return { page: page ?? { contexts: [], next: undefined, plan: [] } };
  };
});
