import { setTimeout as sleep } from "node:timers/promises";
import { stopwatch } from "../../../base/clock.ts";
import { kindOf, toFault, unknownOutcome } from "./faults.ts";

/** Between two tries: short at first, for two that met; then long enough for a server to come back. */
const firstPauseMilliseconds = 10;
const longestPauseMilliseconds = 400;

export type RetryOptions = {
  readonly place: string;
  /** When the call is to be over, with all its tries, by the stopwatch. */
  readonly until: number;
  /**
   * What a try needs to be told that it was refused, in milliseconds: begun later, it would only leave in doubt what
   * is certain until then, that nothing happened.
   */
  readonly leastMilliseconds: number;
};

/** How a trip of a try is made: when it is given up, and what to call once it is on its way. */
export type Way = { readonly until: number; readonly onSend: () => void };

/**
 * Tries again what failed in a way that may pass by itself, until it went well or its time is over. The work is
 * told how its trips are to be made, and whether a try came before; it must be safe to repeat.
 * @throws ContextbaseError storage_…; outcome_unknown where a try that was sent may have happened
 */
export const retrying = async <Result>(
  { place, until, leastMilliseconds }: RetryOptions,
  work: (way: Way, again: boolean) => Promise<Result>,
): Promise<Result> => {
  let doubtful = false;
  let again = false;
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
    let sent = false;
    const onSend = (): void => {
      sent = true;
    };
    try {
      return await work({ until, onSend }, again);
    } catch (cause) {
      const kind = kindOf(cause);
      if (kind === "lost" && sent) doubtful = true;
      const hopeless = kind === "refused" && !doubtful;
      const needed = pause + (doubtful ? 0 : leastMilliseconds);
      if (hopeless || stopwatch() + needed > until) {
        throw doubtful ? unknownOutcome(cause, place) : toFault(cause, place);
      }
      await sleep(pause);
      again = true;
    }
  }
};
