import type { Worker } from "node:worker_threads";
import type { ErrorCode } from "../../../base/error-table.ts";
import { ContextbaseError, closedError, type ErrorDetails } from "../../../base/errors.ts";
import { isFatal } from "./faults.ts";

/** An error as it goes from one thread to another. */
export type Fault = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly component: string | undefined;
  readonly details: ErrorDetails;
};

export type Order<Task> = { readonly number: number; readonly task: Task };
export type Answer<Found> = { readonly number: number } & (
  | { readonly found: Found; readonly fault?: undefined }
  | { readonly fault: Fault }
);

/** A thread that reads, and is asked one thing after another. */
export type Asking<Task, Found> = {
  readonly ask: (task: Task) => Promise<Found>;
  readonly close: () => Promise<void>;
};

type Asked<Found> = {
  readonly resolve: (found: Found) => void;
  readonly reject: (cause: unknown) => void;
};

const gone = (cause: unknown): ContextbaseError =>
  new ContextbaseError("internal", "The thread that reads ended. Ask again; please report this.", { cause });

/**
 * The thread starts with the first question, and anew after one that it did not survive.
 * @param start makes one, whose orders are answered by `answerOrders`
 */
export const createAsking = <Task, Found>(start: () => Worker): Asking<Task, Found> => {
  let worker: Worker | undefined;
  let last = 0;
  const asked = new Map<number, Asked<Found>>();

  const giveUp = (fault: ContextbaseError): void => {
    const given = worker;
    worker = undefined;
    for (const { reject } of asked.values()) reject(fault);
    asked.clear();
    given?.removeAllListeners("exit");
    void given?.terminate();
  };

  const settle = (answer: Answer<Found>): void => {
    const one = asked.get(answer.number);
    asked.delete(answer.number);
    // Only a read that is awaited keeps the process alive.
    if (asked.size === 0) worker?.unref();
    if (!answer.fault) {
      one?.resolve(answer.found);
      return;
    }
    const { code, message, component, details } = answer.fault;
    const fault = new ContextbaseError(code, message, { component, details });
    one?.reject(fault);
    if (isFatal(fault)) giveUp(fault);
  };

  const begin = (): Worker => {
    const end = (cause: unknown): void => giveUp(gone(cause));
    return start().on("message", settle).once("error", end).once("exit", end);
  };

  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        worker ??= begin();
        const number = ++last;
        asked.set(number, { resolve, reject });
        worker.ref();
        const order: Order<Task> = { number, task };
        worker.postMessage(order);
      }),
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
