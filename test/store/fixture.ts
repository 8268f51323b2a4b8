import { join } from "node:path";
import { type Change, ContextbaseError, type Engine, openContextbase } from "contextbase";
import { onTestFinished } from "vitest";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { Anything } from "../contract/components.ts";
import { temporaryFolder } from "../contract/engines.ts";

export const a = { id: "a", type: "t", content: {} };

/** A store on the embedded engine, of which something is as a test needs it. */
export const openOn = async (change: (engine: Engine) => Partial<Engine>) => {
  const engine = sqlite({ path: join(temporaryFolder(), "store.db"), key: undefined });
  const base = await openContextbase({ engine: { ...engine, ...change(engine) }, components: [Anything] });
  onTestFinished(() => base.close());
  return { base, store: base.store(Anything) };
};

export const begin = (watching: AsyncIterable<Change>): AsyncIterator<Change> =>
  watching[Symbol.asyncIterator]();

export const unreachable = () => new ContextbaseError("storage_unreachable", "The network is down.");
