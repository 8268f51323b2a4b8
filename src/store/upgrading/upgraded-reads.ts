import { looksAtLifted } from "../../engine/as-of/gathering.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { upgradedCounts } from "./upgraded-counts.ts";
import { upgradedLists } from "./upgraded-lists.ts";
import { upgradedSearch } from "./upgraded-search.ts";

/**
 * The engine as a component with upgrades sees it: lists, counts and searches whose filters and orders look at what
 * upgrades may change are right for content that was not rewritten yet. Without upgrades it is the engine itself.
 */
export const upgradedReads = (component: Component, engine: Engine): Engine => {
  if (!component.upgrades) return engine;
  const list = upgradedLists(component, engine);
  const count = upgradedCounts(component, engine);
  const search = upgradedSearch(component, engine);
  return {
    ...engine,
    list: (query) => (looksAtLifted(query) ? list : engine.list)(query),
    count: (query) => (looksAtLifted(query) ? count : engine.count)(query),
    search: (query) => (looksAtLifted({ ...query, type: undefined }) ? search : engine.search)(query),
  };
};
