import { ContextbaseError, closedError } from "../../base/errors.ts";
import type { Engine, Staleness } from "../engine.ts";
import { createAsOfReads } from "./as-of/reads.ts";
import { createWakes } from "./changes/wake.ts";
import { isBusy, retryWhileBusy } from "./connection/busy.ts";
import { isFatal, toFault, unknownOutcome } from "./connection/faults.ts";
import { createSettling } from "./connection/settling.ts";
import type { StoreFile } from "./connection/store-file.ts";
import { createFindings } from "./finding/findings.ts";
import { createFiller } from "./indexing/filler.ts";
import { settle } from "./layout/layout.ts";
import { checkDatabase, checkInThread } from "./opening/check.ts";
import { createOpening } from "./opening/opening.ts";
import { createPrunePort } from "./pruning/prune-port.ts";
import { createRewriting } from "./rewriting/rewriting.ts";
import { createSearches } from "./search/searches.ts";
import { openSession, type Session } from "./session.ts";
import { createInTurn } from "./writing/in-turn.ts";
import { isLargeCommit, isLargeRestore } from "./writing/large.ts";
import { createWriter } from "./writing/writer.ts";

/** How long opening a file blocks for another process that is just making it. */
const openWaitMilliseconds = 5_000;

const connect = (file: StoreFile): Session => {
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
  const settling = createSettling(file.path);
  let session: Session | undefined = connect(file);
  let closed = false;
  // A recovery may have found writes whose sync nobody heard of, so each connection begins in doubt.
  let doubtful = true;
  let followed = true;
  const inTurn = createInTurn();
  const writer = file.path === ":memory:" ? undefined : createWriter(file);
  const wakes = createWakes(() => session?.database);
  const filler = createFiller(file);
  const findings = createFindings(file, (work) => run(work));
  const asOf = createAsOfReads(file, (work) => run(work));
  const searches = createSearches(file, () => run(({ database }) => database));

  const giveUp = (): void => {
    const given = session;
    session = undefined;
    given?.database.close();
  };

  /** Runs statements on a connection that can be trusted, and names what goes wrong. */
  const attempt = <Result>(work: (session: Session) => Result): Result => {
    if (closed) throw closedError();
    try {
      if (!session) {
        settling.look();
        session = connect(file);
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

  /** Makes what can be read now final, before it is told as what a write did. */
  const settled = <Result>(work: (session: Session) => Result): Promise<Result> =>
    run((given) => {
      settling.secure(given.database);
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

  /** Writes in turn, on the thread where it is large. */
  const write = <Result>(large: boolean, work: () => Promise<Result>): Promise<Result> =>
    inTurn(large, async () => {
      try {
        if (settling.needed()) await run(({ database }) => settling.secure(database));
        return await work();
      } catch (cause) {
        if (cause instanceof ContextbaseError && cause.code === "outcome_unknown") doubtful = true;
        throw cause;
      }
    });

  const opening = createOpening({ run, write: (work) => write(false, work), filler });

  const rewriting = createRewriting(file, run, () => write(false, async () => undefined));

  const commit: Engine["commit"] = (groups, now) => {
    const thread = !closed && isLargeCommit(groups) ? writer : undefined;
    return write(thread !== undefined, async () => {
      const outcomes = thread
        ? await thread.write({ groups, now })
        : await run((session) => session.commit(groups, now));
      if (thread) searches.onLoad(groups);
      if (outcomes.some((outcome) => outcome.status === "written")) doubtful = false;
      else if (doubtful && outcomes.some((outcome) => outcome.status === "repeated")) await confirmed();
      return outcomes;
    });
  };

  const restore: Engine["restore"] = (tenant, entries) => {
    const thread = !closed && isLargeRestore(entries) ? writer : undefined;
    return write(thread !== undefined, async () => {
      if (thread) await thread.write({ tenant, entries });
      else await run((session) => session.restore(tenant, entries));
    });
  };

  /** Absence is told only once it is final: another process may have failed to make that write durable. */
  const findWrite: Engine["findWrite"] = async (tenant, write) => {
    const found = doubtful ? undefined : await run(({ changes }) => changes.ofWrite(tenant, write));
    return found ?? settled(({ changes }) => changes.ofWrite(tenant, write));
  };

  const staleness = (): Staleness => {
    try {
      const stale = attempt((session) => session.staleness());
      if (followed && !rewriting.hasRewritten()) return stale;
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
    ...asOf,
    ...rewriting,
    ...opening,
    name: "sqlite",
    commits: "all tenants",
    open: (components) => {
      searches.open(components);
      return opening.open(components);
    },
    commit: (groups, now) => wakes.after(commit(groups, now), groups),
    restore: (tenant, entries) => wakes.after(restore(tenant, entries), [{ tenant }]),
    findWrite,
    ...createPrunePort({ run, write, writer: () => (closed ? undefined : writer) }),
    read: (key, ids) => run(({ reads }) => reads.current(key, ids)),
    readVersion: (key, version) => run(({ reads }) => reads.version(key, version)),
    list: findings.list,
    count: findings.count,
    search: (query) => (closed ? Promise.reject(closedError()) : searches.search(query)),
    history: (query) => run(({ reads }) => reads.history(query)),
    changes: (tenant, after, limit) => run(({ changes }) => changes.after(tenant, after, limit)),
    lastPosition: (tenant) => run(({ changes }) => changes.lastPosition(tenant)),
    onChange: wakes.onChange,
    staleness,
    tenants: (after, limit) => run(({ changes }) => changes.tenants(after, limit)),
    entries: (tenant, after, limit) => run(({ entries }) => entries(tenant, after, limit)),
    check: async (now) =>
      await run(({ database }) =>
        writer ? checkInThread({ file, now }) : checkDatabase(database, { file, now }),
      ),
    close: async () => {
      if (closed) return;
      closed = true;
      wakes.close();
      await filler.close();
      await Promise.all([findings.close(), asOf.close()]);
      await rewriting.close();
      await searches.close();
      await writer?.close();
      giveUp();
    },
  };
};
