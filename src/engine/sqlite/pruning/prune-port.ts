import type { PrunePort } from "../../engine.ts";
import type { Session } from "../session.ts";
import type { Writer } from "../writing/writer.ts";

type PruneParts = {
  /** Runs statements on a connection that can be trusted. */
  readonly run: <Result>(work: (session: Session) => Result) => Promise<Result>;
  /** Does in turn what writes, on the thread or not. */
  readonly write: <Result>(inThread: boolean, work: () => Promise<Result>) => Promise<Result>;
  /** The thread that large writes run in; undefined where there is none, or none any more. */
  readonly writer: () => Writer | undefined;
};

/** Versions are unpacked and packed again for it, off the event loop. */
export const createPrunePort = ({ run, write, writer }: PruneParts): PrunePort => ({
  prune: (query) => {
    const thread = writer();
    return write(thread !== undefined, async () =>
      thread ? thread.prune(query) : run((session) => session.prune(query)),
    );
  },
  expired: (query) => run(({ expiring }) => expiring.expired(query)),
});
