import type { AsOfOptions, CallOptions } from "./call-options.ts";
import type { Component, ContextOf } from "./component.ts";
import type { ContextPage, CountOptions, HistoryOptions, HistoryPage, ListOptions } from "./context-store.ts";
import type { Hits, SearchOptions } from "./searching.ts";

type WithoutTime<Options extends AsOfOptions> = Omit<Options, "asOf">;

/** The contexts of one component as they stood at a time. They can be read, and nothing else. */
export type ContextSnapshot<C extends Component> = {
  readonly component: C;
  readonly at: Date;
  retrieveContext(id: string, options?: CallOptions): Promise<ContextOf<C> | undefined>;
  /** In the order asked, `undefined` where there was none. */
  retrieveContexts(ids: readonly string[], options?: CallOptions): Promise<(ContextOf<C> | undefined)[]>;
  /** @throws ContextNotFoundError */
  getContext(id: string, options?: CallOptions): Promise<ContextOf<C>>;
  /** The versions of a context up to then, newest first. */
  history(id: string, options?: WithoutTime<HistoryOptions>): Promise<HistoryPage>;
  listContexts(options?: WithoutTime<ListOptions>): Promise<ContextPage<C>>;
  countContexts(options?: WithoutTime<CountOptions>): Promise<number>;
  searchContexts(options: WithoutTime<SearchOptions>): Promise<Hits<C>>;
};
