import { systemClock } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import type { Engine } from "../engine.ts";
import type { Filler } from "./filler.ts";
import type { Session } from "./session.ts";

type OpeningParts = {
  /** Runs statements on a connection that can be trusted. */
  readonly run: <Result>(work: (session: Session) => Result) => Promise<Result>;
  /** Does in turn what writes. */
  readonly write: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly filler: Filler;
};

/** A store that cannot be written to at this moment can still be read; it notes its components another time. */
export const createOpening =
  ({ run, write, filler }: OpeningParts): Engine["open"] =>
  async (components) => {
    try {
      const unnoted = await run((session) => session.components.unnoted(components));
      if (unnoted.length > 0) await write(() => run((session) => session.components.note(unnoted)));
      const due = await run(({ keyPaths }) => keyPaths.due(components, systemClock()));
      if (due.length > 0) await write(() => run(({ keyPaths }) => keyPaths.note(due, systemClock())));
      // It writes, too: what a recovery found is settled before it begins.
      if (await run(({ keyPaths }) => keyPaths.unfinished())) await write(async () => filler.start());
    } catch (fault) {
      if (!(fault instanceof ContextbaseError && fault.code.startsWith("storage_"))) throw fault;
    }
  };
