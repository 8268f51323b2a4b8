import { setTimeout as sleep } from "node:timers/promises";
import { stopwatch } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Engine, Staleness, WriteGroup } from "../engine.ts";
import { sizeOfGroup } from "../size.ts";
import { checkDatabase, checkInThread } from "./check.ts";
import type { StoreFile } from "./connection.ts";
import { isFatal, toFault } from "./faults.ts";
import { settle } from "./layout.ts";
import { openSession, type Session } from "./session.ts";
import { createWriter } from "./writer.ts";

/** Between two tries for a lock that another process holds. */
const busyPauseMilliseconds = 5;

/** How long opening a file blocks for another process that is just making it. */
const openWaitMilliseconds = 5_000;

const isLarge = (groups: readonly WriteGroup[]): boolean => {
  const writes = groups.reduce((sum, group) => sum + group.writes.length, 0);
  return (
    writes > limits.inlineWrites ||
    groups.reduce((sum, group) => sum + sizeOfGroup(group), 0) > limits.inlineBytes
  );
};

const open = (file: StoreFile): Session => {
  const session = openSession(file, openWaitMilliseconds);
  // From here on a lock is waited for by trying again, so that the event loop goes on.
  session.database.pragma("busy_timeout = 0");
  return session;
};

/**
 * The embedded engine: one encrypted SQLite file, which several processes may use at once. Statements run on
 * the caller's thread, large commits on one of their own.
 * @throws ContextbaseError where the file cannot be opened; nothing of it has changed then
 */
export const sqlite = (file: StoreFile): Engine => {
  let session: Session | undefined = open(file);
  let closed = false;
  // A recovery may have found writes whose sync nobody heard of, so each connection begins in doubt.
  let doubtful = true;
  let followed = true;
  const writer = file.path === ":memory:" ? undefined : createWriter(file);

  const giveUp = (): void => {
    const given = session;
    session = undefined;
    given?.database.close();
  };

  /** Runs statements on a connection that can be trusted, and names what goes wrong. */
  const attempt = <Result>(work: (session: Session) => Result): Result => {
    if (closed)
      throw new ContextbaseError("closed", "The store is closed. Open it again with openContextbase.");
    try {
      if (!session) {
        session = open(file);
        doubtful = true;
        followed = false;
      }
      return work(session);
    } catch (cause) {
      const fault = toFault(cause, file.path);
      if (isFatal(fault)) giveUp();
      throw fault;
    }
  };

  const run = async <Result>(work: (session: Session) => Result): Promise<Result> => {
    const deadline = stopwatch() + limits.busyMilliseconds;
    for (;;) {
      try {
        return attempt(work);
      } catch (fault) {
        const busy = fault instanceof ContextbaseError && fault.code === "storage_busy";
        if (!busy || stopwatch() > deadline) throw fault;
        await sleep(busyPauseMilliseconds);
      }
    }
  };

  /** Makes what can be read now final, before it is told as what a write did. */
  const settled = <Result>(work: (session: Session) => Result): Promise<Result> =>
    run((given) => {
      settle(given.database, file.path);
      doubtful = false;
      return work(given);
    });

  const commit: Engine["commit"] = async (groups, now) => {
    try {
      const outcomes =
        writer && !closed && isLarge(groups)
          ? await writer.commit(groups, now)
          : await run(({ commit }) => commit(groups, now));
      if (outcomes.some((outcome) => outcome.status === "written")) doubtful = false;
      else if (doubtful && outcomes.some((outcome) => outcome.status === "repeated")) await settled(() => {});
      return outcomes;
    } catch (cause) {
      if (cause instanceof ContextbaseError && cause.code === "outcome_unknown") doubtful = true;
      throw cause;
    }
  };

  /** Absence is told only once it is final: another process may have failed to make that write durable. */
  const findWrite: Engine["findWrite"] = async (tenant, write) => {
    const found = doubtful ? undefined : await run(({ changes }) => changes.ofWrite(tenant, write));
    return found ?? settled(({ changes }) => changes.ofWrite(tenant, write));
  };

  const staleness = (): Staleness => {
    try {
      const stale = attempt((session) => session.staleness());
      if (followed) return stale;
      // What was written between two connections was followed by neither.
      followed = true;
      return "all";
    } catch (fault) {
      // The read that follows waits for the lock; until then nothing cached is to be trusted.
      if (fault instanceof ContextbaseError && fault.code === "storage_busy") return "all";
      throw fault;
    }
  };

  return {
    name: "sqlite",
    commit,
    findWrite,
    read: (key, ids) => run(({ reads }) => reads.current(key, ids)),
    readVersion: (key, version) => run(({ reads }) => reads.version(key, version)),
    readAsOf: (key, at) => run(({ reads }) => reads.asOf(key, at)),
    list: (query) => run(({ reads }) => reads.list(query)),
    history: (query) => run(({ reads }) => reads.history(query)),
    changes: (tenant, after, limit) => run(({ changes }) => changes.after(tenant, after, limit)),
    staleness,
    check: async (now) =>
      await run(({ database }) =>
        writer ? checkInThread({ file, now }) : checkDatabase(database, { file, now }),
      ),
    close: async () => {
      if (closed) return;
      closed = true;
      await writer?.close();
      giveUp();
    },
  };
};
