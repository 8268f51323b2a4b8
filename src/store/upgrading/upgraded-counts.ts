import { fitsOf } from "../../engine/as-of/fits.ts";
import type { CountQuery, Engine, StoredContext } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { isOlder, isPresent, outdatedPages, upgradedSubject, walkAll } from "./outdated-contexts.ts";

/** Counts of what is upgraded when it is read: contexts of older schema versions are upgraded and counted here. */
export const upgradedCounts = (
  component: Component,
  engine: Pick<Engine, "list" | "count" | "outdated">,
): Engine["count"] => {
  const fitting = (query: CountQuery): ((stored: StoredContext) => boolean) => {
    const { now = Number.NEGATIVE_INFINITY } = query;
    const fits = fitsOf(query);
    return (stored) => (stored.expiresAt ?? Infinity) > now && fits(upgradedSubject(component, stored));
  };

  const countOlder = async (query: CountQuery): Promise<{ fitting: number; all: number }> => {
    const fits = fitting(query);
    let count = 0;
    let all = 0;
    for await (const page of outdatedPages(engine, component, query.tenant)) {
      all += page.length;
      count += page.filter(fits).length;
    }
    return { fitting: count, all };
  };

  /** Each page is of one moment, and a context that is rewritten meanwhile keeps its place. */
  const countAll = async (query: CountQuery): Promise<number> => {
    const fits = fitting(query);
    let count = 0;
    for await (const { stored } of walkAll(component, engine, query, undefined)) if (fits(stored)) count++;
    return count;
  };

  return async (query) => {
    const older = await countOlder(query);
    if (older.all === 0) return engine.count(query);
    const { tenant, component: name } = query;
    const present = await engine.count({ ...query, where: isPresent(component, query.where) });
    const left = await engine.count({ tenant, component: name, type: undefined, where: isOlder(component) });
    // Those that were rewritten in between may be counted twice, or not at all.
    return left === older.all ? older.fitting + present : countAll(query);
  };
};
