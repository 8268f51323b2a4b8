import { checkFlag } from "../../base/arguments.ts";
import type { Component } from "../../model/component.ts";
import type { Monitor } from "../../monitoring/monitor.ts";
import { type Sweeper, startSweeper } from "./sweeper.ts";
import type { SweepParts, SweepStep } from "./sweeper-steps.ts";
import { createPrune, type PruneOptions, type PruneResult } from "./sweeper-whole.ts";

/** What makes an open store keep no more than it is to keep. */
export type Sweeping = Sweeper & {
  readonly prune: (options?: PruneOptions) => Promise<PruneResult>;
};

type SweepingParts = Omit<SweepParts, "dryRun" | "onError"> & {
  readonly components: ReadonlyMap<string, Component>;
  readonly monitorOf: (component: string) => Monitor | undefined;
  /** Whether it sweeps in the background. */
  readonly sweeps: boolean;
};

const noSweeper: Sweeper = { serve: () => undefined, close: async () => undefined };

/** Sweeps in the background, and all at once where it is asked for; what is done is counted by the monitors. */
export const createSweeping = ({ components, monitorOf, sweeps, ...given }: SweepingParts): Sweeping => {
  checkFlag("sweeps", sweeps);
  const parts: Omit<SweepParts, "dryRun"> = {
    ...given,
    onError: (component, { code }) => monitorOf(component)?.logError(code),
  };
  const onStep = ({ component = "", removed = 0, expired = 0 }: SweepStep): void => {
    monitorOf(component)?.logRemovedVersions(removed);
    monitorOf(component)?.logExpiredContexts(expired);
  };
  const background = { ...parts, components: [...components.values()], onStep, dryRun: false };
  const sweeper = sweeps ? startSweeper(background) : noSweeper;
  return { ...sweeper, prune: createPrune(parts, components, onStep) };
};
