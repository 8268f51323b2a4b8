import type { Candidate, Engine, SearchAnswer, SearchQuery } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { createPredicate } from "../../search/filter/predicate.ts";
import { mayFit, outdatedPages, upgradedSubject } from "./outdated-contexts.ts";
import { isOutdated } from "./upgrading.ts";

/**
 * Searches under a filter of what is upgraded when it is read. What is of an older schema version is found by what is
 * stored, whether or not it fits, and is looked into once it is found; more is asked for where that leaves too little.
 */
export const upgradedSearch = (
  component: Component,
  engine: Pick<Engine, "search" | "read" | "outdated">,
): Engine["search"] => {
  const hasOlder = async (tenant: string): Promise<boolean> => {
    for await (const _ of outdatedPages(engine, component, tenant, 1)) return true;
    return false;
  };

  /** Ids of those found that do not fit; what was deleted or rewritten meanwhile is looked at by who reads it. */
  const misfits = async (query: SearchQuery, answer: SearchAnswer): Promise<ReadonlySet<string>> => {
    const fits = query.where ? createPredicate(query.where) : () => true;
    const ids = [...new Set([...answer.byText, ...answer.byVector].map(({ id }) => id))];
    const stored = await engine.read(query, ids);
    return new Set(
      stored.flatMap((one) =>
        one && isOutdated(component, one.schemaVersion) && !fits(upgradedSubject(component, one))
          ? [one.id]
          : [],
      ),
    );
  };

  return async (query) => {
    if (!(await hasOlder(query.tenant))) return engine.search(query);
    const where = mayFit(component, query.where);
    for (let limit = query.limit; ; limit *= 4) {
      const answer = await engine.search({ ...query, where, limit, fused: undefined });
      const out = await misfits(query, answer);
      const keep = (found: readonly Candidate[]): Candidate[] =>
        found.filter(({ id }) => !out.has(id)).slice(0, query.limit);
      const lists = [answer.byText, answer.byVector] as const;
      const [byText, byVector] = [keep(lists[0]), keep(lists[1])];
      const isWhole = [byText, byVector].every(
        (kept, at) => kept.length === query.limit || (lists[at]?.length ?? 0) < limit,
      );
      if (isWhole) return { byText, byVector, plan: answer.plan };
    }
  };
};
