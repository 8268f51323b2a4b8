import { setTimeout as sleep } from "node:timers/promises";
import { stopwatch } from "../../../base/clock.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";

/** Between two tries for a lock that another process holds. */
const pauseMilliseconds = 5;

export const isBusy = (fault: unknown): boolean =>
  fault instanceof ContextbaseError && fault.code === "storage_busy";

/**
 * Tries again while another process holds the lock; the event loop goes on meanwhile.
 * @throws ContextbaseError storage_busy after `limits.busyMilliseconds`
 */
export const retryWhileBusy = async <Result>(work: () => Result): Promise<Result> => {
  const deadline = stopwatch() + limits.busyMilliseconds;
  for (;;) {
    try {
      return work();
    } catch (fault) {
      if (!isBusy(fault) || stopwatch() > deadline) throw fault;
      await sleep(pauseMilliseconds);
    }
  }
};
