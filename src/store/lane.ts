import type { Clock } from "../base/clock.ts";
import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { Engine, GroupOutcome, WriteGroup } from "../engine/engine.ts";

export type Waiting = {
  readonly group: WriteGroup;
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  /** Called once it waits no more, whatever becomes of it. */
  readonly onTaken: () => void;
  readonly resolve: (outcome: GroupOutcome) => void;
  readonly reject: (cause: unknown) => void;
};

/** Writes that may share a commit: those that wait at one moment go to the engine together. */
export type Lane = {
  readonly add: (waiting: Waiting) => void;
  /** Resolves once nothing waits and nothing is under way. */
  readonly empty: () => Promise<void>;
};

export type QueuedEngine = Pick<Engine, "commit" | "commits">;

/** @param onEmpty called each time that nothing waits any more and nothing is under way */
export const createLane = (engine: QueuedEngine, clock: Clock, onEmpty: () => void): Lane => {
  const waiting: Waiting[] = [];
  const inFlight = new Set<Promise<void>>();
  // One tenant's commits come one after another on the server, too: what waits meanwhile goes together.
  const most = engine.commits === "one tenant" ? 1 : limits.commitsInFlight;
  let draining: Promise<void> | undefined;

  /** As many of those that wait as one commit takes, and at least one. */
  const take = (): Waiting[] => {
    let count = 0;
    let bytes = 0;
    let taken = 0;
    for (const one of waiting) {
      count += one.group.writes.length;
      bytes += one.bytes;
      if (taken > 0 && (count > limits.coalescedWrites || bytes > limits.coalescedBytes)) break;
      taken++;
    }
    return waiting.splice(0, taken);
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await engine.commit(
        batch.map((one) => one.group),
        clock(),
      );
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome);
    } catch (cause) {
      for (const { group, reject } of batch) reject(namingWrite(cause, group));
    }
  };

  const drain = async (): Promise<void> => {
    // Writes of one turn of the event loop belong together, also those of different connections.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      if (inFlight.size === most) {
        await Promise.race(inFlight);
        continue;
      }
      const batch = take();
      for (const { onTaken } of batch) onTaken();
      for (const { signal, reject } of batch) if (signal?.aborted) reject(signal.reason);
      const live = batch.filter(({ signal }) => !signal?.aborted);
      if (live.length === 0) continue;
      const committing: Promise<void> = commit(live).finally(() => {
        inFlight.delete(committing);
        leave();
      });
      inFlight.add(committing);
    }
    draining = undefined;
    leave();
  };

  const leave = (): void => {
    if (draining === undefined && inFlight.size === 0) onEmpty();
  };

  return {
    add: (one) => {
      waiting.push(one);
      draining ??= drain();
    },
    empty: async () => {
      await draining;
      await Promise.all(inFlight);
    },
  };
};

/** Those that shared a commit share its failure; each is told its own write id to ask for. */
const namingWrite = (cause: unknown, group: WriteGroup): unknown => {
  if (!(cause instanceof ContextbaseError)) return cause;
  const details = { ...cause.details, write: group.write };
  return new ContextbaseError(cause.code, cause.message, { details, cause: cause.cause });
};
