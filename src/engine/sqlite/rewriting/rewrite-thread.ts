import { workerData } from "node:worker_threads";
import { answerOrders } from "../connection/answer-orders.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { createRewriter } from "./rewrite.ts";
import { performRewrite, type RewriteDone, type RewriteTask } from "./rewriting.ts";

/** The thread in which stored contexts are rewritten. It may wait for a lock: nobody waits for it but an upgrade. */
const file: StoreFile = workerData;

answerOrders<RewriteTask, RewriteDone>(file, (database) => {
  const rewriter = createRewriter(database, file.path);
  return (task) => performRewrite(task, rewriter);
});
