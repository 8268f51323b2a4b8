import { setImmediate } from "node:timers/promises";
import { checkName, checkOptions, checkSignal } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { show } from "../../base/show.ts";
import type { Component } from "../../model/component.ts";
import { everyTenant } from "../walk.ts";
import { sweepTenant } from "./sweeper.ts";
import type { SweepParts, SweepStep } from "./sweeper-steps.ts";

/** What a sweep did, or would do. */
export type PruneResult = {
  /** Contexts that a retention was applied to; one that changed meanwhile may count twice. */
  readonly examined: number;
  /** Versions that were removed. */
  readonly removed: number;
  /** Contexts that expired, of which deletions were made. */
  readonly expired: number;
};

export type PruneProgress = PruneResult & {
  readonly tenant: string;
  /** Entries of the change log that were gone through, of how many of all tenants. */
  readonly done: number;
  readonly total: number;
};

export type PruneOptions = {
  /** Only these components. Left out: all. */
  readonly components?: readonly Component[];
  /** Only these tenants. Left out: all, which on PostgreSQL the owner of the tables alone may see. */
  readonly tenants?: readonly string[];
  /** Only count, and change nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PruneProgress) => void;
};

const checkPrune = (options: PruneOptions, known: ReadonlyMap<string, Component>): PruneOptions => {
  checkOptions("prune", options, ["components", "tenants", "dryRun", "signal", "onProgress"]);
  checkSignal(options.signal);
  for (const tenant of options.tenants ?? []) checkName("tenant", tenant);
  for (const component of options.components ?? []) {
    if (known.get(component.name) === component) continue;
    const message = `prune was given ${show(component.name)}, which the store was not opened with. Open it with that.`;
    throw new ContextbaseError("unknown_component", message, { component: component.name });
  }
  return options;
};

const positionsOf = async (
  { engine }: Omit<SweepParts, "dryRun">,
  tenants: PruneOptions["tenants"],
): Promise<ReadonlyMap<string, number>> => {
  const positions = new Map<string, number>();
  for await (const tenant of tenants ?? everyTenant(engine)) {
    positions.set(tenant, await engine.lastPosition(tenant));
  }
  return positions;
};

/** Others have their turn of the event loop between two steps: an embedded engine answers within one. */
const takeTurns = (): Promise<void> => setImmediate();

/** Sweeps all there is, now, without a rest. */
export const createPrune =
  (
    parts: Omit<SweepParts, "dryRun">,
    components: ReadonlyMap<string, Component>,
    onStep: (step: SweepStep) => void,
  ) =>
  async (options: PruneOptions = {}): Promise<PruneResult> => {
    const { tenants, dryRun = false, signal, onProgress } = checkPrune(options, components);
    const asked = options.components ?? [...components.values()];
    const positions = await positionsOf(parts, tenants);
    const total = [...positions.values()].reduce((sum, position) => sum + position, 0);
    let result: PruneResult = { examined: 0, removed: 0, expired: 0 };
    let done = 0;
    for (const tenant of positions.keys()) {
      for await (const step of sweepTenant({ ...parts, dryRun }, tenant, asked, new Map())) {
        if (!dryRun) onStep(step);
        const { examined = 0, removed = 0, expired = 0, changes = 0 } = step;
        result = {
          examined: result.examined + examined,
          removed: result.removed + removed,
          expired: result.expired + expired,
        };
        done = Math.min(done + changes, total);
        onProgress?.({ ...result, tenant, done, total });
        signal?.throwIfAborted();
        await takeTurns();
      }
    }
    await takeTurns();
    return result;
  };
