import type { Database } from "better-sqlite3-multiple-ciphers";
import { stopwatch } from "../../../base/clock.ts";
import { limits } from "../../../base/limits.ts";
import type { Pruned, PruneQuery } from "../../engine.ts";
import { type PrunePlan, planPrune, type Repacked, type VersionHead } from "../../versions/prune-plan.ts";
import { repack } from "../../versions/repack.ts";
import { createTransact } from "../connection/transaction.ts";
import { createVersions } from "../reading/versions.ts";

/** Removes versions that a retention does not keep, in one transaction of some milliseconds. */
export type Pruning = (query: PruneQuery) => Pruned;

type IdParameters = [tenant: string, component: string, id: string];
type Current = Pick<VersionHead, "version" | "at">;
type HeadRow = Current & { readonly superseded_at: number | null; readonly dictionary: number | null };

/** How long a step holds the lock, or little longer: writers wait for it. */
const stepMilliseconds = 5;

const inKey = "tenant = ? AND component = ? AND id = ?";

function* toHeads(rows: Iterable<HeadRow>): Generator<VersionHead> {
  for (const { version, at, superseded_at, dictionary } of rows) {
    yield { version, at, supersededAt: superseded_at ?? undefined, dictionary: dictionary ?? undefined };
  }
}

export const createPruning = (database: Database, path: string): Pruning => {
  const transact = createTransact(database, path);
  const versions = createVersions(database);
  const selectCurrent = database.prepare<IdParameters, Current>(
    `SELECT version, updated_at AS at FROM contexts WHERE ${inKey}`,
  );
  const selectHeads = database.prepare<IdParameters, HeadRow>(
    `SELECT version, updated_at AS at, superseded_at, dictionary FROM versions WHERE ${inKey} ORDER BY version DESC`,
  );
  const replace = database.prepare(
    `UPDATE versions SET dictionary = ?, encoding = ?, body = ? WHERE ${inKey} AND version = ?`,
  );
  const supersede = database.prepare(`UPDATE versions SET superseded_at = ? WHERE ${inKey} AND version = ?`);
  const remove = database.prepare(`DELETE FROM versions WHERE ${inKey} AND version = ?`);
  const removeOriginal = database.prepare(`DELETE FROM originals WHERE ${inKey} AND version = ?`);

  const carryOut = (key: IdParameters, { removed, superseded, orphans }: PrunePlan): void => {
    const [tenant, component, id] = key;
    const bodyOf = (version: number): Buffer => versions.body({ tenant, component, id }, version);
    const keep = ({ version, dictionary, encoding, body }: Repacked): void => {
      replace.run(dictionary ?? null, encoding, body, ...key, version);
    };
    for (const those of orphans) for (const one of repack(those, bodyOf)) keep(one);
    for (const { version, supersededAt } of superseded) supersede.run(supersededAt, ...key, version);
    for (const version of removed) {
      remove.run(...key, version);
      removeOriginal.run(...key, version);
    }
  };

  const pruneSome = ({ tenant, component, ids, rules, now, dryRun }: PruneQuery): Pruned => {
    const begun = stopwatch();
    let done = 0;
    let removed = 0;
    for (const id of ids) {
      const key: IdParameters = [tenant, component, id];
      const most = dryRun ? Number.POSITIVE_INFINITY : limits.prunedVersions - removed;
      const current = selectCurrent.get(...key);
      if (current) {
        const plan = planPrune(current, toHeads(selectHeads.iterate(...key)), { rules, now, most });
        if (!dryRun) carryOut(key, plan);
        removed += plan.removed.length;
        if (plan.removed.length >= most) break;
      }
      done++;
      if (stopwatch() - begun > stepMilliseconds) break;
    }
    return { done, removed };
  };

  return (query) =>
    transact(
      () => pruneSome(query),
      ({ removed }) => !query.dryRun && removed > 0,
    );
};
