import { checkWhole } from "../base/arguments.ts";
import type { Clock } from "../base/clock.ts";
import type { NewId } from "../base/ids.ts";
import { limits } from "../base/limits.ts";
import type { Engine, Finding } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { Change, ContextStore, WatchOptions } from "../model/context-store.ts";
import { createMonitor, type Monitor } from "../monitoring/monitor.ts";
import { createSnapshot, type Snapshot } from "./as-of/snapshot.ts";
import { createCache } from "./cache.ts";
import { createDiffing } from "./diffing.ts";
import { createEmbedQuery } from "./embedding/embed-query.ts";
import { createFindWrite, type WriteRecord } from "./find-write.ts";
import { createHeads } from "./merging/merging-heads.ts";
import { namedComponents, unknownComponent } from "./named-components.ts";
import { type CheckedPrincipal, checkPrincipal, nobody, type Principal } from "./principal.ts";
import { createRetrieving } from "./retrieving.ts";
import { createReverting } from "./reverting.ts";
import { createSearching } from "./searching/searching.ts";
import { createStoring } from "./storing.ts";
import { withExpiry } from "./sweeping/expiry.ts";
import type { PruneOptions, PruneResult } from "./sweeping/sweeper-whole.ts";
import { createSweeping } from "./sweeping/sweeping.ts";
import { createTurns } from "./turns.ts";
import { createUndo, type Undo } from "./undo/undo.ts";
import { upgradedReads } from "./upgrading/upgraded-reads.ts";
import { createWatching } from "./watching/watch.ts";
import { withMonitoring } from "./with-monitoring.ts";
import { createWriteQueue } from "./write-queue.ts";

/** A store as one principal sees it. */
export type ContextbaseView = {
  readonly components: ReadonlyMap<string, Component>;

  /**
   * The contexts of a component.
   * @throws ContextbaseError unknown_component where it was not given when the store was opened
   */
  store<C extends Component>(component: C): ContextStore<C>;

  /**
   * The whole store as it stood at a time, to be read; at or after now, as it is.
   * @throws ContextbaseError invalid_argument
   */
  at(time: Date | string): Snapshot;

  /** Whether the write of this id happened, and what it did; undefined where it did not. */
  findWrite(write: string): Promise<WriteRecord | undefined>;

  /**
   * Takes back what one write did, or all that one actor did since a time: every context that it touched is again as it
   * was before, as a new version, and is deleted where it was not there before. What others changed since is left as it
   * is, and listed. Up to 10,000 contexts go back at once or not at all; more in several such batches.
   * @throws ContextbaseError not_found where no such write happened, too_large, invalid_argument
   */
  readonly undo: Undo;

  /** The changes of all components of the tenant; otherwise as a store's own `watch`. */
  watch(options?: WatchOptions): AsyncIterable<Change>;

  /**
   * The position of the tenant's last change; 0 where there is none. Who asks for it, reads, and then watches from there
   * misses nothing.
   */
  lastPosition(): Promise<number>;
};

export type Contextbase = ContextbaseView &
  AsyncDisposable & {
    /**
     * The same store for a principal: it is the actor, and its tenant is all there is.
     * @throws ContextbaseError invalid_argument
     */
    as(principal: Principal): ContextbaseView;

    /** Examines the whole store and changes nothing. It may take seconds; reads and writes go on meanwhile. */
    check(): Promise<Finding[]>;

    /**
     * Removes what the components' retentions do not keep, and makes deletions of what expired: all of it, now. An open
     * store does so by itself, in the background.
     */
    prune(options?: PruneOptions): Promise<PruneResult>;

    /** Waits for what is being written, then closes. Calls after it throw `closed`. */
    close(): Promise<void>;
  };

export type ContextbaseParts = {
  readonly engine: Engine;
  readonly components: readonly Component[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly cacheBytes?: number | undefined;
  readonly sweeps?: boolean | undefined;
};

/** Puts a store together from its parts. `openContextbase` finds the engine, too. */
export const createContextbase = (parts: ContextbaseParts): Contextbase => {
  const { clock, newId, cacheBytes = limits.cacheBytes } = parts;
  const engine = withExpiry(parts.engine, clock);
  checkWhole("cacheBytes", cacheBytes, 0, Number.MAX_SAFE_INTEGER);
  const components = namedComponents(parts.components);
  const cache = createCache(cacheBytes, engine.staleness, clock);
  const watching = createWatching(engine);
  const queue = createWriteQueue({ commits: engine.commits, commit: watching.commit }, clock);
  const turns = createTurns();
  const heads = createHeads();
  const embedQuery = createEmbedQuery();
  const monitors = new Map([...components.keys()].map((name) => [name, createMonitor(name)]));
  const sweeping = createSweeping({
    ...{ engine: parts.engine, components, clock, newId, commit: watching.commit, forget: cache.forget },
    ...{ monitorOf: (name) => monitors.get(name), sweeps: parts.sweeps ?? true },
  });

  const createStore = <C extends Component>(component: C, principal: CheckedPrincipal, monitor: Monitor) => {
    const onCacheHit = monitor.logCacheHit;
    const upgraded = upgradedReads(component, parts.engine);
    const reads = upgraded === parts.engine ? engine : withExpiry(upgraded, clock);
    const retrieving = createRetrieving(component, {
      engine: reads,
      cache,
      clock,
      tenant: principal.tenant,
      onCacheHit,
    });
    const searching = createSearching(component, {
      engine: reads,
      clock,
      tenant: principal.tenant,
      embedQuery,
    });
    const storing = createStoring(component, { engine, cache, queue, turns, heads, newId, principal });
    const diffing = createDiffing(component, { engine, tenant: principal.tenant });
    const reverting = createReverting(component, { engine, cache, clock, queue, newId, principal });
    const watch = (options?: WatchOptions) => watching.watch(principal.tenant, options, component);
    return withMonitoring<C>(
      {
        component,
        ...retrieving,
        ...storing,
        ...diffing,
        ...reverting,
        watch,
        ...searching,
      },
      monitor,
    );
  };

  /** @param monitorOf the monitor of a component, by its name */
  const createView = (principal: CheckedPrincipal, monitorOf: (name: string) => Monitor): ContextbaseView => {
    const stores = new Map<Component, ContextStore<Component>>();
    sweeping.serve(principal.tenant);
    const store = <C extends Component>(component: C): ContextStore<C> => {
      if (components.get(component.name) !== component) throw unknownComponent(component.name, components);
      const made = stores.get(component) ?? createStore(component, principal, monitorOf(component.name));
      stores.set(component, made);
      return made as unknown as ContextStore<C>;
    };
    const findWrite = createFindWrite(engine, principal.tenant);
    const undo = createUndo({ engine, cache, queue, clock, newId, principal, components });
    const watch = (options?: WatchOptions) => watching.watch(principal.tenant, options);
    const lastPosition = () => engine.lastPosition(principal.tenant);
    const at = (time: Date | string): Snapshot => createSnapshot({ components, store }, time);
    return { components, store, at, findWrite, undo, watch, lastPosition };
  };

  const monitorOf = (name: string): Monitor => monitors.get(name) ?? createMonitor(name);
  const close = async (): Promise<void> => {
    watching.close();
    await sweeping.close();
    await queue.close();
    await engine.close();
  };
  return {
    ...createView(nobody, monitorOf),
    as: (principal) => createView(checkPrincipal(principal), (name) => createMonitor(name, monitorOf(name))),
    check: () => engine.check(clock()),
    prune: sweeping.prune,
    close,
    [Symbol.asyncDispose]: close,
  };
};
