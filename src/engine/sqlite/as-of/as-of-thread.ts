import { workerData } from "node:worker_threads";
import { answerOrders } from "../connection/answer-orders.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { createAsOfReading } from "./as-of.ts";
import { type AsOfFound, type AsOfTask, performAsOf } from "./reads.ts";

/** The thread in which it is looked at what stood at a time: such reads may walk over a whole store. */
const file: StoreFile = workerData;

answerOrders<AsOfTask, AsOfFound>(file, (database) => {
  const reading = createAsOfReading(database);
  return (task) => performAsOf(task, reading);
});
