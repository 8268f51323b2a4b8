import { Worker } from "node:worker_threads";
import { ContextbaseError, closedError } from "../../base/errors.ts";
import type { CountQuery, ListPage, ListQuery } from "../engine.ts";
import type { StoreFile } from "./connection.ts";
import { isFatal } from "./faults.ts";
import { threadFile } from "./thread-file.ts";
import type { Fault } from "./writer.ts";

export type ReaderData = StoreFile;
export type ReadTask = { readonly list: ListQuery } | { readonly count: CountQuery };
export type ReadOrder = { readonly number: number; readonly task: ReadTask };
export type ReadAnswer = { readonly number: number } & (
  | { readonly page: ListPage; readonly fault?: undefined }
  | { readonly count: number; readonly fault?: undefined }
  | { readonly fault: Fault }
);
type Found = Exclude<ReadAnswer, { readonly fault: Fault }>;

/** Lists and counts that take long, off the event loop, one after another. */
export type Reader = {
  readonly list: (query: ListQuery) => Promise<ListPage>;
  readonly count: (query: CountQuery) => Promise<number>;
  readonly close: () => Promise<void>;
};

type Asked = { readonly resolve: (found: Found) => void; readonly reject: (cause: unknown) => void };

const gone = (cause: unknown): ContextbaseError =>
  new ContextbaseError("internal", "The thread that reads ended. Ask again; please report this.", { cause });

/** The thread starts with the first such read, and anew after one that it did not survive. */
export const createReader = (file: StoreFile): Reader => {
  let worker: Worker | undefined;
  let last = 0;
  const asked = new Map<number, Asked>();

  const giveUp = (fault: ContextbaseError): void => {
    const given = worker;
    worker = undefined;
    for (const { reject } of asked.values()) reject(fault);
    asked.clear();
    given?.removeAllListeners("exit");
    void given?.terminate();
  };

  const settle = (answer: ReadAnswer): void => {
    const one = asked.get(answer.number);
    asked.delete(answer.number);
    // Only a read that is awaited keeps the process alive.
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

  const start = (): Worker => {
    const data: ReaderData = { path: file.path, key: file.key };
    const end = (cause: unknown): void => giveUp(gone(cause));
    const started = new Worker(threadFile("reader-thread"), { workerData: data });
    started.on("message", settle).once("error", end).once("exit", end);
    return started;
  };

  const ask = (task: ReadTask): Promise<Found> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      const number = ++last;
      asked.set(number, { resolve, reject });
      worker.ref();
      const order: ReadOrder = { number, task };
      worker.postMessage(order);
    });

  return {
    list: async (query) => {
      const found = await ask({ list: query });
      if ("page" in found) return found.page;
      throw gone(undefined);
    },
    count: async (query) => {
      const found = await ask({ count: query });
      if ("count" in found) return found.count;
      throw gone(undefined);
    },
    close: async () => {
      const closing = worker;
      worker = undefined;
      if (!closing) return;
      closing.removeAllListeners("exit").removeAllListeners("error");
      for (const { reject } of asked.values()) reject(closedError());
      asked.clear();
      const exited = new Promise((resolve) => closing.once("exit", resolve).once("error", resolve));
      closing.ref();
      closing.postMessage("close");
      await exited;
    },
  };
};
