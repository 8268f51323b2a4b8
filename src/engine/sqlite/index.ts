import { existsSync } from "node:fs";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Engine, Staleness, WriteGroup } from "../engine.ts";
import { sizeOfGroup } from "../size.ts";
import { isBusy, retryWhileBusy } from "./busy.ts";
import { checkDatabase, checkInThread } from "./check.ts";
import type { StoreFile } from "./connection.ts";
import { isFatal, resultCode, toFault, unknownOutcome } from "./faults.ts";
import { settle } from "./layout.ts";
import { openSession, type Session } from "./session.ts";
import { createWriter } from "./writer.ts";

/** How long opening a file blocks for another process that is just making it. */
const openWaitMilliseconds = 5_000;

const isLarge = (groups: readonly WriteGroup[]): boolean => {
  const writes = groups.reduce((sum, group) => sum + group.writes.length, 0);
  return (
    writes > limits.inlineWrites ||
    groups.reduce((sum, group) => sum + sizeOfGroup(group), 0) > limits.inlineBytes
  );
};

/** Whether a write-ahead log stands beside the file, so that opening it may recover what it holds. */
const hasLog = ({ path }: StoreFile): boolean => existsSync(`${path}-wal`);

/** A commit that was asked for: done, whatever became of it, and whether it went to the thread. */
type Commit = { readonly large: boolean; readonly done: Promise<unknown> };

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
  let recovered = hasLog(file);
  let session: Session | undefined = open(file);
  let closed = false;
  // A recovery may have found writes whose sync nobody heard of, so each connection begins in doubt.
  let doubtful = true;
  let followed = true;
  let lastCommit: Commit = { large: false, done: Promise.resolve() };
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
        recovered = hasLog(file);
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

  const run = <Result>(work: (session: Session) => Result): Promise<Result> =>
    retryWhileBusy(() => attempt(work));

  /**
   * Before the first write on a connection: a recovery may have found writes whose sync failed, which are then in
   * memory but not on the disk. Moved into the database they are, and what is written next does not build on them.
   */
  const secure = ({ database }: Session): void => {
    if (!recovered) return;
    try {
      database.pragma("wal_checkpoint(TRUNCATE)");
      recovered = false;
    } catch (cause) {
      // A full disk lost nothing; the write itself may still find room, and the next one tries this again.
      if (!resultCode(cause)?.startsWith("SQLITE_FULL")) throw cause;
    }
  };

  /** Makes what can be read now final, before it is told as what a write did. */
  const settled = <Result>(work: (session: Session) => Result): Promise<Result> =>
    run((given) => {
      secure(given);
      settle(given.database, file.path);
      doubtful = false;
      return work(given);
    });

  /** What a write did the first time is told only once it is final; where that fails, it is unknown again. */
  const confirmed = async (): Promise<void> => {
    try {
      await settled(() => undefined);
    } catch (cause) {
      throw unknownOutcome(cause, file.path);
    }
  };

  const commitIn = async (
    before: Commit,
    large: boolean,
    ...order: Parameters<Engine["commit"]>
  ): ReturnType<Engine["commit"]> => {
    // The thread takes large commits one after another by itself; all others wait for the one before.
    if (!(large && before.large)) await before.done;
    try {
      if (recovered) await run(secure);
      const outcomes =
        writer && large ? await writer.commit(...order) : await run(({ commit }) => commit(...order));
      if (outcomes.some((outcome) => outcome.status === "written")) doubtful = false;
      else if (doubtful && outcomes.some((outcome) => outcome.status === "repeated")) await confirmed();
      return outcomes;
    } catch (cause) {
      if (cause instanceof ContextbaseError && cause.code === "outcome_unknown") doubtful = true;
      throw cause;
    }
  };

  const commit: Engine["commit"] = (groups, now) => {
    const large = writer !== undefined && !closed && isLarge(groups);
    const committed = commitIn(lastCommit, large, groups, now);
    lastCommit = { large, done: committed.catch(() => undefined) };
    return committed;
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
      if (isBusy(fault)) return "all";
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
