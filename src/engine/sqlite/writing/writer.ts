import { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../../base/error-table.ts";
import { ContextbaseError, type ErrorDetails } from "../../../base/errors.ts";
import type { Entry, GroupOutcome, Pruned, PruneQuery, WriteGroup } from "../../engine.ts";
import { isFatal, unknownOutcome } from "../connection/faults.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";

export type WriterData = StoreFile;
export type Task =
  | { readonly groups: readonly WriteGroup[]; readonly now: number }
  | { readonly tenant: string; readonly entries: readonly Entry[] }
  | { readonly prune: PruneQuery };
export type Order = { readonly number: number; readonly task: Task };
export type Fault = { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
/** What is restored has no outcomes. */
export type Done = { readonly outcomes: readonly GroupOutcome[] } | { readonly pruned: Pruned };
export type Answer = { readonly number: number } & (
  | (Done & { readonly fault?: undefined })
  | { readonly fault: Fault }
);

/** Large writes, off the event loop, in the order in which they were asked for. */
export type Writer = {
  readonly write: (task: Exclude<Task, { prune: PruneQuery }>) => Promise<readonly GroupOutcome[]>;
  readonly prune: (query: PruneQuery) => Promise<Pruned>;
  readonly close: () => Promise<void>;
};

type Asked = {
  readonly resolve: (done: Done) => void;
  readonly reject: (cause: ContextbaseError) => void;
};

/** The thread starts with the first large write, and anew after one that it did not survive. */
export const createWriter = (file: StoreFile): Writer => {
  let worker: Worker | undefined;
  let last = 0;
  const asked = new Map<number, Asked>();

  const settle = (answer: Answer): void => {
    const one = asked.get(answer.number);
    asked.delete(answer.number);
    // Only a write that is awaited keeps the process alive.
    if (asked.size === 0) worker?.unref();
    if (!answer.fault) {
      one?.resolve(answer);
      return;
    }
    const { code, message, details } = answer.fault;
    const fault = new ContextbaseError(code, message, { details });
    one?.reject(fault);
    if (isFatal(fault)) giveUp(fault);
  };

  /** What else was asked of a thread that is gone may have happened or not. */
  const giveUp = (cause: unknown): void => {
    const given = worker;
    worker = undefined;
    for (const { reject } of asked.values()) reject(unknownOutcome(cause, file.path));
    asked.clear();
    given?.removeAllListeners("exit");
    void given?.terminate();
  };

  const start = (): Worker => {
    const data: WriterData = { path: file.path, key: file.key };
    const started = new Worker(threadFile("writer-thread"), { workerData: data });
    started.on("message", settle).once("error", giveUp).once("exit", giveUp);
    return started;
  };

  const perform = (task: Task): Promise<Done> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      const number = ++last;
      asked.set(number, { resolve, reject });
      worker.ref();
      const order: Order = { number, task };
      worker.postMessage(order);
    });

  const write: Writer["write"] = async (task) => {
    const done = await perform(task);
    return "outcomes" in done ? done.outcomes : [];
  };

  const prune: Writer["prune"] = async (query) => {
    const done = await perform({ prune: query });
    return "pruned" in done ? done.pruned : { done: 0, removed: 0 };
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

  return { write, prune, close };
};
