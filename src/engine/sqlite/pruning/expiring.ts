import type { Database } from "better-sqlite3-multiple-ciphers";
import type { ExpiredContext, ExpiredQuery, Key } from "../../engine.ts";

/** The contexts that expired, and stand as yet. */
export type Expiring = {
  readonly expired: (query: ExpiredQuery) => ExpiredContext[];
  /** Whether a component has any. */
  readonly any: (key: Key, now: number) => boolean;
};

export const createExpiring = (database: Database): Expiring => {
  const from = `FROM contexts INDEXED BY contexts_expiring
    WHERE tenant = ? AND component = ? AND expires_at IS NOT NULL AND expires_at <= ? AND deleted = 0`;
  const select = database.prepare<[string, string, number, number], ExpiredContext>(
    `SELECT component, id, version ${from} ORDER BY expires_at LIMIT ?`,
  );
  const selectAny = database.prepare<[string, string, number], number>(`SELECT 1 ${from} LIMIT 1`).pluck();
  return {
    expired: ({ tenant, components, now, limit }) => {
      const found: ExpiredContext[] = [];
      for (const component of components) {
        if (found.length < limit) found.push(...select.all(tenant, component, now, limit - found.length));
      }
      return found;
    },
    any: ({ tenant, component }, now) => selectAny.get(tenant, component, now) !== undefined,
  };
};
