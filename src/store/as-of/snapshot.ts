import { ContextbaseError } from "../../base/errors.ts";
import type { AsOfOptions } from "../../model/call-options.ts";
import type { Component } from "../../model/component.ts";
import type { ContextSnapshot } from "../../model/context-snapshot.ts";
import type { ContextStore } from "../../model/context-store.ts";
import { checkTime } from "./check-time.ts";

/** A whole store as it stood at a time. It is only read. */
export type Snapshot = {
  readonly at: Date;
  readonly components: ReadonlyMap<string, Component>;

  /**
   * The contexts of a component as they stood then.
   * @throws ContextbaseError unknown_component where it was not given when the store was opened
   */
  store<C extends Component>(component: C): ContextSnapshot<C>;
};

type Source = {
  readonly components: ReadonlyMap<string, Component>;
  store<C extends Component>(component: C): ContextStore<C>;
};

const snapshotOf = <C extends Component>(store: ContextStore<C>, at: Date): ContextSnapshot<C> => {
  /** Options as they were given, of this time. Who names another one, or a version, is told. */
  const then = <Options extends object>(
    options: Options & AsOfOptions,
  ): Options & { readonly asOf: Date } => {
    if (options.asOf === undefined) return { ...options, asOf: at };
    const message =
      "A snapshot has the time that it was made for. Leave asOf out, or ask base.at for another one.";
    throw new ContextbaseError("invalid_argument", message, { component: store.component.name });
  };
  return {
    component: store.component,
    at,
    retrieveContext: async (id, options = {}) => store.retrieveContext(id, then(options)),
    retrieveContexts: async (ids, options = {}) => store.retrieveContexts(ids, then(options)),
    getContext: async (id, options = {}) => store.getContext(id, then(options)),
    history: async (id, options = {}) => store.history(id, then(options)),
    listContexts: async (options = {}) => store.listContexts(then(options)),
    countContexts: async (options = {}) => store.countContexts(then(options)),
    searchContexts: async (options) => store.searchContexts(then(options)),
  };
};

/** @throws ContextbaseError invalid_argument */
export const createSnapshot = (source: Source, time: Date | string): Snapshot => {
  const at = checkTime("The time of a snapshot", time);
  return {
    at: new Date(at),
    components: source.components,
    store: (component) => snapshotOf(source.store(component), new Date(at)),
  };
};
