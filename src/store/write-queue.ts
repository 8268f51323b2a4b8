import type { Clock } from "../base/clock.ts";
import { ContextbaseError, closedError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { GroupOutcome, WriteGroup } from "../engine/engine.ts";
import { sizeOfGroup } from "../engine/size.ts";
import { createLane, type Lane, type QueuedEngine } from "./lane.ts";

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

export const createWriteQueue = (engine: QueuedEngine, clock: Clock): WriteQueue => {
  // Tenants that cannot share a commit do not wait for each other either.
  const lanes = new Map<string, Lane>();
  let writes = 0;
  let closed = false;

  const laneOf = ({ tenant }: WriteGroup): Lane => {
    const name = engine.commits === "one tenant" ? tenant : "";
    const lane = lanes.get(name) ?? createLane(engine, clock, () => lanes.delete(name));
    lanes.set(name, lane);
    return lane;
  };

  return {
    submit: (group, signal) => {
      if (closed) throw closedError();
      const bytes = sizeOfGroup(group);
      if (bytes > limits.batchBytes) {
        const message = `The batch takes ${bytes} bytes; ${limits.batchBytes} are the most. Store it in parts.`;
        throw new ContextbaseError("too_large", message, { details: { bytes, most: limits.batchBytes } });
      }
      if (writes + group.writes.length > limits.waitingWrites) {
        const message = `${limits.waitingWrites} writes wait already. Wait for some before you send more.`;
        throw new ContextbaseError("too_busy", message);
      }
      writes += group.writes.length;
      const onTaken = (): void => {
        writes -= group.writes.length;
      };
      return new Promise((resolve, reject) => {
        laneOf(group).add({ group, bytes, signal, onTaken, resolve, reject });
      });
    },
    close: async () => {
      closed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.empty()));
    },
  };
};
