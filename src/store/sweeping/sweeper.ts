import { LRUCache } from "lru-cache";
import { stopwatch } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { everyTenant } from "../walk.ts";
import { sweepExpired } from "./sweeper-expired.ts";
import { rulesOf } from "./sweeper-lags.ts";
import type { SweepParts, SweepStep } from "./sweeper-steps.ts";
import { type SweepPlaces, sweepVersions } from "./sweeper-versions.ts";

/** Makes deletions of what expired, and removes what retentions do not keep, of one tenant. */
export async function* sweepTenant(
  parts: SweepParts,
  tenant: string,
  components: readonly Component[],
  places: SweepPlaces,
): AsyncGenerator<SweepStep> {
  yield* sweepExpired(
    parts,
    tenant,
    components.map(({ name }) => name),
  );
  const rules = rulesOf(components);
  if (rules.size > 0) yield* sweepVersions(parts, tenant, rules, places);
}

export type Sweeper = {
  /** Told of tenants that this store has views of: where it may not see all tenants, those are swept. */
  readonly serve: (tenant: string) => void;
  /** Ends it once the step that it is at is done. */
  readonly close: () => Promise<void>;
};

type SweeperOptions = SweepParts & {
  readonly components: readonly Component[];
  readonly onStep: (step: SweepStep) => void;
  /** Before the first round, and between two. */
  readonly everyMilliseconds?: number;
};

/**
 * Sweeps in the background: after each step it rests many times as long as that took, and after each round over the
 * tenants some time. It keeps no process alive. How far it came is in memory, so that a store that was opened anew is
 * gone through once more. What keeps a round from its work is told, and the next one tries again. Several processes
 * may sweep one store: what one did the others find done.
 */
export const startSweeper = (options: SweeperOptions): Sweeper => {
  const { engine, components, onStep, onError, everyMilliseconds = limits.sweepMilliseconds } = options;
  const places = new LRUCache<string, SweepPlaces>({ max: limits.sweptTenants });
  const served = new LRUCache<string, true>({ max: limits.sweptTenants });
  let closed = false;
  let wake: () => void = () => undefined;

  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const placesOf = (tenant: string): SweepPlaces => {
    const known = places.get(tenant) ?? new Map();
    places.set(tenant, known);
    return known;
  };

  const round = async (): Promise<void> => {
    for await (const tenant of tenantsOf(engine, () => [...served.keys()])) {
      let begun = stopwatch();
      for await (const step of sweepTenant(options, tenant, components, placesOf(tenant))) {
        onStep(step);
        if (closed) return;
        await rest(Math.max(1, (stopwatch() - begun) * limits.sweepRests));
        if (closed) return;
        begun = stopwatch();
      }
    }
  };

  const tell = (cause: unknown): void => {
    const fault =
      cause instanceof ContextbaseError
        ? cause
        : new ContextbaseError("internal", "A sweep failed. Please report this.", { cause });
    if (fault.code === "closed") closed = true;
    else for (const { name } of components) onError(name, fault);
  };

  const sweep = async (): Promise<void> => {
    while (!closed) {
      await rest(everyMilliseconds);
      if (!closed) await round().catch(tell);
    }
  };

  const swept = sweep();
  return {
    serve: (tenant) => void served.set(tenant, true),
    close: async () => {
      closed = true;
      wake();
      await swept;
    },
  };
};

/** All tenants; where a role may not see them, those of whom it is known by themselves. */
async function* tenantsOf(engine: Engine, known: () => readonly string[]): AsyncGenerator<string> {
  try {
    for await (const tenant of everyTenant(engine)) yield tenant;
  } catch (cause) {
    if (!(cause instanceof ContextbaseError && cause.code === "storage_unavailable")) throw cause;
    yield* known();
  }
}
