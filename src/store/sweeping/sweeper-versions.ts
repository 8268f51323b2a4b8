import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Change, PruneQuery } from "../../engine/engine.ts";
import type { RetentionRules } from "../../model/retention.ts";
import { type Lag, lagsOfAll } from "./sweeper-lags.ts";
import type { SweepParts, SweepStep } from "./sweeper-steps.ts";

/** How far the change log of a tenant was followed for each lag; empty where it was not looked at yet. */
export type SweepPlaces = Map<number, number>;

/** The contexts of which versions were superseded, by their components, but for those that were seen already. */
const candidatesOf = (
  changes: readonly Change[],
  rules: ReadonlyMap<string, RetentionRules>,
  seen: Set<string>,
): ReadonlyMap<string, readonly string[]> => {
  const candidates = new Map<string, string[]>();
  for (const { component, id, version } of changes) {
    const name = `${component}\0${id}`;
    if (version === 1 || !rules.has(component) || seen.has(name)) continue;
    if (seen.size >= limits.sweptContexts) seen.clear();
    seen.add(name);
    const ids = candidates.get(component);
    if (ids) ids.push(id);
    else candidates.set(component, [id]);
  }
  return candidates;
};

/** Applies a retention to contexts, a part at a time. What is damaged is told of, and does not keep it from the others. */
async function* prune(
  { engine, onError }: Pick<SweepParts, "engine" | "onError">,
  query: PruneQuery,
): AsyncGenerator<SweepStep> {
  for (let ids = query.ids; ids.length > 0; ) {
    const { component } = query;
    try {
      const { done, removed } = await engine.prune({ ...query, ids });
      ids = ids.slice(done);
      yield { component, examined: done, removed };
    } catch (cause) {
      if (!(cause instanceof ContextbaseError && cause.code === "storage_corrupt")) throw cause;
      if (ids.length > 1) {
        const [first = "", ...others] = ids;
        yield* prune({ engine, onError }, { ...query, ids: [first] });
        ids = others;
      } else {
        onError(component, cause);
        yield { component, examined: 1 };
        ids = [];
      }
    }
  }
}

/**
 * Removes versions of a tenant's contexts. Candidates are found by the change log: each change superseded a version,
 * and it is looked at again whenever a step of the retention's ends for that one. The first time the log is gone
 * through once, whole, and every context is judged as it is now.
 * @param places is moved on
 */
export async function* sweepVersions(
  parts: SweepParts,
  tenant: string,
  rules: ReadonlyMap<string, RetentionRules>,
  places: SweepPlaces,
): AsyncGenerator<SweepStep> {
  const { engine, dryRun } = parts;
  const now = parts.clock();
  const lags = lagsOfAll(rules);

  async function* follow(lag: Lag, others: readonly Lag[]): AsyncGenerator<SweepStep> {
    const seen = new Set<string>();
    const ahead = new Set(others);
    for (;;) {
      const after = places.get(lag.milliseconds) ?? 0;
      const page = await engine.changes(tenant, after, limits.sweptChanges);
      const due = takeDue(page, now, lag);
      const last = due.at(-1)?.position;
      for (const [component, ids] of candidatesOf(due, lag.rules, seen)) {
        const retention = rules.get(component);
        if (retention) yield* prune(parts, { tenant, component, ids, rules: retention, now, dryRun });
      }
      for (const other of ahead) {
        const gone = takeDue(page, now, other);
        places.set(other.milliseconds, gone.at(-1)?.position ?? after);
        if (gone.length < page.length) ahead.delete(other);
      }
      if (last !== undefined) places.set(lag.milliseconds, last);
      yield { changes: due.length };
      if (due.length < limits.sweptChanges) return;
    }
  }

  const [first, ...others] = lags;
  if (first && !places.has(first.milliseconds)) yield* follow(first, others);
  else for (const lag of lags) yield* follow(lag, []);
}

/** Clocks differ by so much; a change beyond it was made by one that was wrong, and is not waited for. */
const clockToleranceMilliseconds = 60_000;

/** The changes of a page that are as old as a lag, up to the first that is not; without a lag, all of them. */
const takeDue = (page: readonly Change[], now: number, { milliseconds }: Lag): readonly Change[] => {
  if (milliseconds === 0) return page;
  const end = page.findIndex(({ at }) => at > now - milliseconds && at <= now + clockToleranceMilliseconds);
  return end === -1 ? page : page.slice(0, end);
};
