import { limits } from "../base/limits.ts";
import type { Engine, Key } from "../engine/engine.ts";
import { everyTenant } from "../store/walk.ts";
import type { Walk } from "./outdated.ts";

export type OriginalsOptions = Walk & {
  /** Told after each transaction how many originals were put back, or forgotten. */
  readonly onProgress?: (originals: number) => void;
};

/** A context that was written since it was upgraded. */
export type KeptContext = { readonly tenant: string; readonly id: string };

export type RolledBackUpgrade = {
  /** Contexts that stand as they were before. */
  readonly restored: number;
  /** Contexts that stay as they are, since they were written since: their older versions are what they were. */
  readonly kept: readonly KeptContext[];
};

async function* keysOf(engine: Engine, component: string, { tenants }: Walk): AsyncGenerator<Key> {
  for await (const tenant of tenants ?? everyTenant(engine)) yield { tenant, component };
}

/** How many originals are kept of a component. */
export const countOriginals = async (engine: Engine, component: string, walk: Walk): Promise<number> => {
  let count = 0;
  for await (const key of keysOf(engine, component, walk)) count += await engine.countOriginals(key);
  return count;
};

/**
 * Takes an upgrade back: what stood before stands again. One that was cut off goes on when it is made again; the store
 * may be used meanwhile.
 * @param engine one that was opened
 * @throws what the engine throws; the signal's reason
 */
export const rollBackUpgrade = async (
  engine: Engine,
  component: string,
  options: OriginalsOptions = {},
): Promise<RolledBackUpgrade> => {
  const kept: KeptContext[] = [];
  let [restored, originals] = [0, 0];
  for await (const key of keysOf(engine, component, options)) {
    for (;;) {
      options.signal?.throwIfAborted();
      const done = await engine.rollBack(key, limits.upgradedContexts);
      if (done.originals === 0) break;
      restored += done.restored;
      kept.push(...done.kept.map((id) => ({ tenant: key.tenant, id })));
      originals += done.originals;
      options.onProgress?.(originals);
    }
  }
  return { restored, kept };
};

/**
 * Forgets what an upgrade replaced: it cannot be rolled back any more.
 * @param engine one that was opened
 * @returns how many originals were forgotten
 * @throws what the engine throws; the signal's reason
 */
export const finishUpgrade = async (
  engine: Engine,
  component: string,
  options: OriginalsOptions = {},
): Promise<number> => {
  let forgotten = 0;
  for await (const key of keysOf(engine, component, options)) {
    for (;;) {
      options.signal?.throwIfAborted();
      const done = await engine.forgetOriginals(key, limits.upgradedContexts);
      if (done === 0) break;
      forgotten += done;
      options.onProgress?.(forgotten);
    }
  }
  return forgotten;
};
