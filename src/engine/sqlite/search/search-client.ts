import { Worker } from "node:worker_threads";
import { ContextbaseError, closedError } from "../../../base/errors.ts";
import type { Key, SearchAnswer } from "../../engine.ts";
import { isFatal } from "../connection/faults.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";
import type { Asked } from "./answering/answering.ts";
import type { IndexingEntries, SearchOrder, SearchReply, SearchThreadData } from "./messages.ts";

/** The search thread as others see it. */
export type SearchClient = {
  readonly exchange: (indexings: IndexingEntries) => void;
  readonly search: (query: Asked) => Promise<SearchAnswer>;
  /** Has the thread take in what is written of a component before it is searched. */
  readonly expect: (key: Key) => void;
  readonly close: () => Promise<void>;
};

type Waiting = {
  readonly query: Asked;
  readonly resolve: (answer: SearchAnswer) => void;
  readonly reject: (cause: unknown) => void;
};

const unknownEnd = (cause: unknown): ContextbaseError =>
  cause instanceof ContextbaseError
    ? cause
    : new ContextbaseError("internal", "The thread that searches ended. Search again; please report this.", {
        cause,
      });

/**
 * The thread starts with the first search or the first that is expected, and anew after one that it did not survive.
 * @param onSearched is told how many contexts the component has that was searched
 */
export const createSearchClient = (
  file: StoreFile,
  onSearched: (query: Asked, contexts: number) => void,
): SearchClient => {
  let worker: Worker | undefined;
  let indexings: IndexingEntries = [];
  let last = 0;
  let closed = false;
  const waiting = new Map<number, Waiting>();
  const answered: SearchReply[] = [];

  const rejectAll = (cause: ContextbaseError): void => {
    for (const { reject } of waiting.values()) reject(cause);
    waiting.clear();
  };

  const giveUp = (cause: unknown): void => {
    const given = worker;
    worker = undefined;
    rejectAll(unknownEnd(cause));
    given?.removeAllListeners("exit");
    void given?.terminate();
  };

  const settle = (reply: SearchReply): void => {
    const one = waiting.get(reply.number);
    waiting.delete(reply.number);
    // Only a search that is awaited keeps the process alive.
    if (waiting.size === 0) worker?.unref();
    if (!reply.fault) {
      if (one) onSearched(one.query, reply.contexts);
      one?.resolve(reply.answer);
      return;
    }
    const { code, message, component, details } = reply.fault;
    const fault = new ContextbaseError(code, message, { component, details });
    one?.reject(fault);
    if (isFatal(fault)) giveUp(fault);
  };

  const settleNext = (): void => {
    const reply = answered.shift();
    if (answered.length > 0) setImmediate(settleNext);
    if (reply) settle(reply);
  };

  // A port tells up to a thousand messages in one turn of the event loop, and who searches has work to do with an
  // answer, and may search again at once: each is given in a turn of its own, so that others have theirs.
  const onMessage = (reply: SearchReply): void => {
    if (answered.push(reply) === 1) setImmediate(settleNext);
  };

  const start = (): Worker => {
    const data: SearchThreadData = { file: { path: file.path, key: file.key }, indexings };
    const started = new Worker(threadFile("search-thread"), { workerData: data });
    started.on("message", onMessage);
    started.once("error", giveUp).once("exit", giveUp);
    return started;
  };

  const send = (to: Worker, order: SearchOrder): void => to.postMessage(order);

  return {
    exchange: (entries) => {
      indexings = entries;
      if (worker) send(worker, { indexings });
    },
    search: (query) =>
      new Promise((resolve, reject) => {
        if (closed) throw closedError();
        worker ??= start();
        const number = ++last;
        waiting.set(number, { query, resolve, reject });
        worker.ref();
        send(worker, { number, query });
      }),
    expect: (key) => {
      if (closed) return;
      if (!worker) {
        worker = start();
        worker.unref();
      }
      send(worker, { expected: key });
    },
    close: async () => {
      if (closed) return;
      closed = true;
      rejectAll(closedError());
      const closing = worker;
      worker = undefined;
      if (!closing) return;
      closing.removeAllListeners("exit").removeAllListeners("error");
      const exited = new Promise((resolve) => closing.once("exit", resolve).once("error", resolve));
      closing.ref();
      send(closing, "close");
      await exited;
    },
  };
};
