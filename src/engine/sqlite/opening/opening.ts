import { systemClock } from "../../../base/clock.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import type { Engine } from "../../engine.ts";
import type { Run } from "../connection/run.ts";
import type { Filler } from "../indexing/filler.ts";
import type { KeyPaths } from "../indexing/key-paths.ts";
import type { Components } from "../layout/components.ts";

type OpeningParts = {
  readonly run: Run<{ readonly components: Components; readonly keyPaths: KeyPaths }>;
  /** Does in turn what writes. */
  readonly write: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly filler: Filler;
};

/** The opening of a store, and what is noted of the components that it was opened with. */
export const createOpening = ({
  run,
  write,
  filler,
}: OpeningParts): Pick<Engine, "open" | "components" | "schemaVersions" | "noteSchemas"> => {
  const noteSchemas: Engine["noteSchemas"] = async (components) => {
    const unnoted = await run((session) => session.components.unnoted(components));
    if (unnoted.length > 0) await write(() => run((session) => session.components.note(unnoted)));
  };

  /** A store that cannot be written to at this moment can still be read; it notes its components another time. */
  const open: Engine["open"] = async (components) => {
    try {
      await noteSchemas(components);
      const due = await run(({ keyPaths }) => keyPaths.due(components, systemClock()));
      if (due.length > 0) await write(() => run(({ keyPaths }) => keyPaths.note(due, systemClock())));
      // It writes, too: what a recovery found is settled before it begins.
      if (await run(({ keyPaths }) => keyPaths.unfinished())) await write(async () => filler.start());
    } catch (fault) {
      if (!(fault instanceof ContextbaseError && fault.code.startsWith("storage_"))) throw fault;
    }
  };

  return {
    open,
    components: () => run(({ components }) => components.newest()),
    schemaVersions: () => run(({ components }) => components.all()),
    noteSchemas,
  };
};
