import { Worker } from "node:worker_threads";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";

export type FillerData = StoreFile;

/** Fills new paths in the background. */
export type Filler = {
  readonly start: () => void;
  readonly close: () => Promise<void>;
};

/** What a thread could not finish, the next opening goes on with. It keeps no process alive. */
export const createFiller = (file: StoreFile): Filler => {
  let worker: Worker | undefined;
  let exited: Promise<void> | undefined;
  return {
    start: () => {
      if (worker) return;
      const data: FillerData = { path: file.path, key: file.key };
      const started = new Worker(threadFile("filler-thread"), { workerData: data });
      worker = started;
      exited = new Promise((resolve) => {
        started.once("exit", () => resolve());
        // Filters on the path are answered without its rows until then.
        started.once("error", () => resolve());
      });
      started.unref();
    },
    close: async () => {
      worker?.ref();
      worker?.postMessage("close");
      await exited;
    },
  };
};
