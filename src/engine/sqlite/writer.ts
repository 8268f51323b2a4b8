import { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../base/error-table.ts";
import { ContextbaseError, type ErrorDetails } from "../../base/errors.ts";
import type { GroupOutcome, WriteGroup } from "../engine.ts";
import type { StoreFile } from "./connection.ts";
import { isFatal, unknownOutcome } from "./faults.ts";
import { threadFile } from "./thread-file.ts";

export type WriterData = StoreFile;
export type Order = { readonly groups: readonly WriteGroup[]; readonly now: number };
export type Fault = { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
export type Answer =
  | { readonly outcomes: readonly GroupOutcome[]; readonly fault?: undefined }
  | { readonly fault: Fault };

/** Large commits, off the event loop. One at a time: its caller waits for each. */
export type Writer = {
  readonly commit: (groups: readonly WriteGroup[], now: number) => Promise<readonly GroupOutcome[]>;
  readonly close: () => Promise<void>;
};

/** The thread starts with the first large commit, and anew after one that it did not survive. */
export const createWriter = (file: StoreFile): Writer => {
  let worker: Worker | undefined;

  const start = (): Worker => {
    const data: WriterData = { path: file.path, key: file.key };
    const started = new Worker(threadFile("writer-thread"), { workerData: data });
    started.unref();
    return started;
  };

  const giveUp = async (): Promise<void> => {
    const given = worker;
    worker = undefined;
    await given?.terminate();
  };

  const ask = (asked: Worker, order: Order): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        asked.off("message", onMessage).off("error", onError).off("exit", onExit);
        finish();
      };
      const onMessage = (answer: Answer): void => settle(() => resolve(answer));
      const onError = (cause: unknown): void => settle(() => reject(unknownOutcome(cause, file.path)));
      const onExit = (): void => settle(() => reject(unknownOutcome(undefined, file.path)));
      asked.ref();
      asked.on("message", onMessage).on("error", onError).on("exit", onExit);
      asked.postMessage(order);
    });

  const commit: Writer["commit"] = async (groups, now) => {
    worker ??= start();
    const asked = worker;
    try {
      const answer = await ask(asked, { groups, now });
      if (!answer.fault) return answer.outcomes;
      const { code, message, details } = answer.fault;
      throw new ContextbaseError(code, message, { details });
    } catch (cause) {
      if (isFatal(cause)) await giveUp();
      throw cause;
    } finally {
      asked.unref();
    }
  };

  const close = async (): Promise<void> => {
    if (!worker) return;
    const closing = worker;
    worker = undefined;
    const exited = new Promise((resolve) => closing.once("exit", resolve));
    closing.ref();
    closing.postMessage("close");
    await exited;
  };

  return { commit, close };
};
