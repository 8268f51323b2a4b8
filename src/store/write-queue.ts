import type { Clock } from "../base/clock.ts";
import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { Engine, GroupOutcome, WriteGroup } from "../engine/engine.ts";
import { sizeOfGroup } from "../engine/size.ts";

type Waiting = {
  readonly group: WriteGroup;
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: GroupOutcome) => void;
  readonly reject: (cause: unknown) => void;
};

/**
 * Gathers the writes that wait at one moment into one commit, which costs one sync of the disk for all of
 * them. Each stays atomic by itself and is answered by itself.
 */
export type WriteQueue = {
  /** Resolves once the group is durable, or is known not to be. */
  readonly submit: (group: WriteGroup, signal: AbortSignal | undefined) => Promise<GroupOutcome>;
  /** Resolves once nothing waits; further groups are refused. */
  readonly close: () => Promise<void>;
};

export const createWriteQueue = (engine: Pick<Engine, "commit">, clock: Clock): WriteQueue => {
  const waiting: Waiting[] = [];
  let writes = 0;
  let draining: Promise<void> | undefined;
  const inFlight = new Set<Promise<void>>();
  let closed = false;

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
      if (inFlight.size === limits.commitsInFlight) {
        await Promise.race(inFlight);
        continue;
      }
      const batch = take();
      for (const one of batch) writes -= one.group.writes.length;
      for (const { signal, reject } of batch) if (signal?.aborted) reject(signal.reason);
      const live = batch.filter(({ signal }) => !signal?.aborted);
      if (live.length === 0) continue;
      const committing: Promise<void> = commit(live).finally(() => inFlight.delete(committing));
      inFlight.add(committing);
    }
    draining = undefined;
  };

  return {
    submit: (group, signal) => {
      if (closed)
        throw new ContextbaseError("closed", "The store is closed. Open it again with openContextbase.");
      const bytes = sizeOfGroup(group);
      if (bytes > limits.batchBytes) {
        const message = `The batch takes ${bytes} bytes; ${limits.batchBytes} are the most. Store it in parts.`;
        throw new ContextbaseError("too_large", message, { details: { bytes, most: limits.batchBytes } });
      }
      writes += group.writes.length;
      if (writes > limits.waitingWrites) {
        writes -= group.writes.length;
        const message = `${limits.waitingWrites} writes wait already. Wait for some before you send more.`;
        throw new ContextbaseError("too_busy", message);
      }
      return new Promise((resolve, reject) => {
        waiting.push({ group, bytes, signal, resolve, reject });
        draining ??= drain();
      });
    },
    close: async () => {
      closed = true;
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
