import { stopwatch } from "../base/clock.ts";
import { ContextbaseError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";
import type { Change, ContextStore } from "../model/context-store.ts";
import type { Monitor } from "../monitoring/monitor.ts";

type Measure = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** The same store, its times and errors counted by `monitor`. What fails counts as an error, not as a time. */
export const withMonitoring = <C extends Component>(
  store: Omit<ContextStore<C>, "monitor">,
  monitor: Monitor,
): ContextStore<C> => {
  const onError = (cause: unknown): void => {
    if (cause instanceof ContextbaseError) monitor.logError(cause.code);
  };
  /** The promise itself goes on to the caller: one of ours around it would cost more than the counting. */
  const measuring =
    (log: (milliseconds: number) => void): Measure =>
    (work) => {
      const started = stopwatch();
      const result = work();
      result.then(() => log(stopwatch() - started), onError);
      return result;
    };
  /** How long a change was waited for says nothing of the store; what ends a watch does. */
  const counted = (changes: AsyncIterable<Change>): AsyncIterable<Change> => {
    const iterator = changes[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<Change>> => {
      const told = iterator.next();
      told.catch(onError);
      return told;
    };
    const counting: AsyncIterableIterator<Change> = {
      ...iterator,
      next,
      [Symbol.asyncIterator]: () => counting,
    };
    return counting;
  };
  const storage = measuring(monitor.logStorageTime);
  const retrieval = measuring(monitor.logRetrievalTime);
  return {
    component: store.component,
    monitor,
    storeContext: (context, options) => storage(() => store.storeContext(context, options)),
    storeContexts: (contexts, options) => storage(() => store.storeContexts(contexts, options)),
    updateContext: (id, change, options) => storage(() => store.updateContext(id, change, options)),
    mergeContext: (id, sides, options) => storage(() => store.mergeContext(id, sides, options)),
    deleteContext: (id, options) => storage(() => store.deleteContext(id, options)),
    retrieveContext: (id, options) => retrieval(() => store.retrieveContext(id, options)),
    retrieveContexts: (ids, options) => retrieval(() => store.retrieveContexts(ids, options)),
    getContext: (id, options) => retrieval(() => store.getContext(id, options)),
    history: (id, options) => retrieval(() => store.history(id, options)),
    diff: (id, from, to, options) => retrieval(() => store.diff(id, from, to, options)),
    revertContext: (id, version, options) => storage(() => store.revertContext(id, version, options)),
    listContexts: (options) => retrieval(() => store.listContexts(options)),
    countContexts: (options) => retrieval(() => store.countContexts(options)),
    searchContexts: (options) => retrieval(() => store.searchContexts(options)),
    watch: (options) => counted(store.watch(options)),
  };
};
