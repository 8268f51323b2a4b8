import { checkName, checkWhole } from "../base/arguments.ts";
import type { Clock } from "../base/clock.ts";
import { ContextbaseError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import { limits } from "../base/limits.ts";
import type { Engine, Finding } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { Change, ContextStore, Operation, WatchOptions } from "../model/context-store.ts";
import { createMonitor, type Monitor } from "../monitoring/monitor.ts";
import { createCache } from "./cache.ts";
import { createDiffing } from "./diffing.ts";
import { createEmbedQuery } from "./embed-query.ts";
import { createHeads } from "./merging-heads.ts";
import { type CheckedPrincipal, checkPrincipal, nobody, type Principal } from "./principal.ts";
import { createRetrieving } from "./retrieving.ts";
import { createReverting } from "./reverting.ts";
import { createSearching } from "./searching.ts";
import { createStoring } from "./storing.ts";
import { createTurns } from "./turns.ts";
import { createWatching } from "./watch.ts";
import { withMonitoring } from "./with-monitoring.ts";
import { createWriteQueue } from "./write-queue.ts";

/** What a write id did: `changes[i]` is what became of the i-th context of that write. */
export type WriteRecord = {
  readonly write: string;
  readonly at: Date;
  readonly actor: string;
  readonly changes: readonly {
    readonly component: string;
    readonly id: string;
    readonly version: number;
    readonly operation: Operation;
  }[];
};

/** A store as one principal sees it. */
export type ContextbaseView = {
  readonly components: ReadonlyMap<string, Component>;

  /**
   * The contexts of a component.
   * @throws ContextbaseError unknown_component where it was not given when the store was opened
   */
  store<C extends Component>(component: C): ContextStore<C>;

  /** Whether the write of this id happened, and what it did; undefined where it did not. */
  findWrite(write: string): Promise<WriteRecord | undefined>;

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

    /** Waits for what is being written, then closes. Calls after it throw `closed`. */
    close(): Promise<void>;
  };

export type ContextbaseParts = {
  readonly engine: Engine;
  readonly components: readonly Component[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly cacheBytes?: number | undefined;
};

/** Puts a store together from its parts. `openContextbase` finds the engine, too. */
export const createContextbase = (parts: ContextbaseParts): Contextbase => {
  const { engine, clock, newId, cacheBytes = limits.cacheBytes } = parts;
  checkWhole("cacheBytes", cacheBytes, 0, Number.MAX_SAFE_INTEGER);
  const components = namedComponents(parts.components);
  const cache = createCache(cacheBytes, engine.staleness);
  const watching = createWatching(engine);
  const queue = createWriteQueue({ commits: engine.commits, commit: watching.commit }, clock);
  const turns = createTurns();
  const heads = createHeads();
  const embedQuery = createEmbedQuery();
  const monitors = new Map([...components.keys()].map((name) => [name, createMonitor(name)]));

  const createStore = <C extends Component>(component: C, principal: CheckedPrincipal, monitor: Monitor) => {
    const onCacheHit = monitor.logCacheHit;
    const retrieving = createRetrieving(component, {
      engine,
      cache,
      clock,
      tenant: principal.tenant,
      onCacheHit,
    });
    const searching = createSearching(component, { engine, clock, tenant: principal.tenant, embedQuery });
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
    const store = <C extends Component>(component: C): ContextStore<C> => {
      if (components.get(component.name) !== component) throw unknownComponent(component.name, components);
      const made = stores.get(component) ?? createStore(component, principal, monitorOf(component.name));
      stores.set(component, made);
      return made as unknown as ContextStore<C>;
    };
    const findWrite = async (write: string): Promise<WriteRecord | undefined> => {
      const changes = await engine.findWrite(principal.tenant, checkName("write id", write));
      const [first] = changes ?? [];
      if (!changes || !first) return undefined;
      const did = changes.map(({ component, id, version, operation }) => ({
        component,
        id,
        version,
        operation,
      }));
      return { write, at: new Date(first.at), actor: first.actor, changes: did };
    };
    const watch = (options?: WatchOptions) => watching.watch(principal.tenant, options);
    const lastPosition = () => engine.lastPosition(principal.tenant);
    return { components, store, findWrite, watch, lastPosition };
  };

  const monitorOf = (name: string): Monitor => monitors.get(name) ?? createMonitor(name);
  const close = async (): Promise<void> => {
    watching.close();
    await queue.close();
    await engine.close();
  };
  return {
    ...createView(nobody, monitorOf),
    as: (principal) => createView(checkPrincipal(principal), (name) => createMonitor(name, monitorOf(name))),
    check: () => engine.check(clock()),
    close,
    [Symbol.asyncDispose]: close,
  };
};

const namedComponents = (components: readonly Component[]): ReadonlyMap<string, Component> => {
  const named = new Map<string, Component>();
  for (const component of components) {
    if (named.has(component.name)) {
      throw new ContextbaseError(
        "invalid_component",
        `Two components are named ${component.name}. Rename one.`,
      );
    }
    named.set(component.name, component);
  }
  return named;
};

/** The error for a component that is not there, by its name. */
export const unknownComponent = (
  name: string,
  components: ReadonlyMap<string, Component>,
): ContextbaseError => {
  const known = [...components.keys()].join(", ") || "none";
  const message = components.has(name)
    ? `Another component named ${name} was given when the store was opened. Use that one.`
    : `No component ${JSON.stringify(name)} was given when the store was opened. There are: ${known}.`;
  return new ContextbaseError("unknown_component", message, { component: name });
};
