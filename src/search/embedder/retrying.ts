import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../base/limits.ts";
import type { Random } from "../../base/random.ts";
import { type Refusal, toError } from "./refusal.ts";
import type { Requested } from "./request.ts";

export type Retrying = {
  /** As errors name the server. */
  readonly server: string;
  readonly attempts: number;
  readonly pauseMilliseconds: number;
  readonly random: Random;
};

/**
 * How long to wait before the next try: exponentially longer, and by chance up to half of that less, so that those
 * who were refused together do not come back together; but as long as the server asked for.
 */
const pauseAfter = (tries: number, { waitMilliseconds = 0 }: Refusal, options: Retrying): number => {
  const longest = Math.min(options.pauseMilliseconds * 2 ** (tries - 1), limits.embedderWaitMilliseconds);
  return Math.max(waitMilliseconds, longest * (1 - options.random() / 2));
};

/**
 * Asks until there are vectors, or there is no hope.
 * @throws ContextbaseError embedding_failed, embedding_unavailable; the signal's reason
 */
export const retrying = async (
  options: Retrying,
  signal: AbortSignal,
  ask: () => Promise<Requested>,
): Promise<Float32Array[]> => {
  for (let tries = 1; ; tries++) {
    const asked = await ask();
    if ("vectors" in asked) return asked.vectors;
    const { passes, waitMilliseconds = 0 } = asked;
    if (!passes || tries >= options.attempts || waitMilliseconds > limits.embedderWaitMilliseconds) {
      throw toError(asked, options.server, tries);
    }
    await sleep(pauseAfter(tries, asked, options), undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
};
