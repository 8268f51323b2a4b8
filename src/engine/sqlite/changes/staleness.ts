import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import type { ContextKey, Staleness } from "../../engine.ts";
import type { RewriteRow } from "./rewrites.ts";

type WriteRow = {
  readonly sequence: number;
  readonly tenant: string;
  readonly position: number;
  readonly count: number;
};

const nothing: readonly ContextKey[] = [];

/** What one log says since it was followed last. */
type Follow = () => Staleness;

/** The write ids since, to the contexts that they changed. */
const followWrites = (database: Database): Follow => {
  const selectLast = database.prepare<[], number>("SELECT coalesce(max(sequence), 0) FROM writes").pluck();
  const selectWrites = database.prepare<[number, number], WriteRow>(
    "SELECT sequence, tenant, position, count FROM writes WHERE sequence > ? ORDER BY sequence LIMIT ?",
  );
  const selectKeys = database.prepare<[string, number, number], ContextKey>(
    "SELECT tenant, component, id FROM changes WHERE tenant = ? AND position > ? AND position <= ?",
  );
  let sequence = selectLast.get() ?? 0;
  return () => {
    const writes = selectWrites.all(sequence, limits.followedChanges + 1);
    const count = writes.reduce((sum, write) => sum + write.count, 0);
    sequence = writes.at(-1)?.sequence ?? sequence;
    if (count <= limits.followedChanges) {
      return writes.flatMap((write) =>
        selectKeys.all(write.tenant, write.position - write.count, write.position),
      );
    }
    sequence = selectLast.get() ?? 0;
    return "all";
  };
};

/** What upgrades rewrote since. */
const followRewrites = (database: Database): Follow => {
  const selectLast = database.prepare<[], number>("SELECT coalesce(max(sequence), 0) FROM rewrites").pluck();
  const selectNext = database.prepare<[number], RewriteRow>(
    "SELECT sequence, tenant, component, places FROM rewrites WHERE sequence > ? ORDER BY sequence LIMIT 2",
  );
  const selectKeys = database.prepare<[string, string, string], ContextKey>(`
    SELECT c.tenant, c.component, c.id FROM json_each(?) p
      CROSS JOIN contexts c INDEXED BY contexts_by_place ON c.place = p.value
    WHERE c.tenant = ? AND c.component = ? AND c.deleted = 0`);
  let sequence = selectLast.get() ?? 0;
  return () => {
    const [next, another] = selectNext.all(sequence);
    if (!next) return nothing;
    sequence = selectLast.get() ?? next.sequence;
    if (another || next.places === null) return "all";
    return selectKeys.all(next.places, next.tenant, next.component);
  };
};

/**
 * What other connections, of this process and of others, wrote since the last call, or since it was made.
 * `PRAGMA data_version` says in 2 µs whether any did; only then the logs since are followed to the contexts that
 * changed.
 */
export const createStaleness = (database: Database): (() => Staleness) => {
  const selectDataVersion = database.prepare<[], number>("PRAGMA data_version").pluck();
  const follows = [followWrites(database), followRewrites(database)];
  let dataVersion = selectDataVersion.get();

  return () => {
    const seen = selectDataVersion.get();
    if (seen === dataVersion) return nothing;
    dataVersion = seen;
    const stale = follows.map((follow) => follow());
    const known = stale.filter((some) => some !== "all");
    return known.length < stale.length ? "all" : known.flat();
  };
};
