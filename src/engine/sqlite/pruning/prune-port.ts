import type { PrunePort } from "../../engine.ts";
import type { Run } from "../connection/run.ts";
import type { Expiring } from "./expiring.ts";
import type { Pruning } from "./pruning.ts";

type PruneParts = {
  readonly run: Run<{ readonly prune: Pruning; readonly expiring: Expiring }>;
  /** Does in turn what writes, on the thread or not. */
  readonly write: <Result>(inThread: boolean, work: () => Promise<Result>) => Promise<Result>;
  /** The thread that large writes run in; undefined where there is none, or none any more. */
  readonly writer: () => Pick<PrunePort, "prune"> | undefined;
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
