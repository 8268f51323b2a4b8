import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../base/limits.ts";
import type { ContextKey, Staleness } from "../engine.ts";

type WriteRow = {
  readonly sequence: number;
  readonly tenant: string;
  readonly position: number;
  readonly count: number;
};

const nothing: readonly ContextKey[] = [];

/**
 * What other connections, of this process and of others, wrote since the last call, or since it was made.
 * `PRAGMA data_version` says in 2 µs whether any did; only then the write ids since are followed to the
 * contexts they changed.
 */
export const createStaleness = (database: Database): (() => Staleness) => {
  const selectDataVersion = database.prepare<[], number>("PRAGMA data_version").pluck();
  const selectLast = database.prepare<[], number>("SELECT coalesce(max(sequence), 0) FROM writes").pluck();
  const selectWrites = database.prepare<[number, number], WriteRow>(
    "SELECT sequence, tenant, position, count FROM writes WHERE sequence > ? ORDER BY sequence LIMIT ?",
  );
  const selectKeys = database.prepare<[string, number, number], ContextKey>(
    "SELECT tenant, component, id FROM changes WHERE tenant = ? AND position > ? AND position <= ?",
  );
  let dataVersion = selectDataVersion.get();
  let sequence = selectLast.get() ?? 0;

  const follow = (): Staleness => {
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

  return () => {
    const seen = selectDataVersion.get();
    if (seen === dataVersion) return nothing;
    dataVersion = seen;
    return follow();
  };
};
