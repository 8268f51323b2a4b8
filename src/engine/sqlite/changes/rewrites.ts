import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Key } from "../../engine.ts";

/** Contexts that were rewritten together; undefined places: all of the component's. */
export type RewriteRow = {
  readonly sequence: number;
  readonly tenant: string;
  readonly component: string;
  readonly places: string | null;
};

/**
 * The log of rewritings, which change contexts without a change of the change log: those who keep something of contexts
 * follow it, too. It holds the places of those that were rewritten together, as JSON.
 */
export type Rewrites = {
  readonly append: (key: Key, places: readonly number[]) => void;
  /** Puts one entry, which stands for all contexts, in place of those of a component. */
  readonly compact: (key: Key) => void;
};

export const createRewrites = (database: Database): Rewrites => {
  const insert = database.prepare("INSERT INTO rewrites (tenant, component, places) VALUES (?, ?, ?)");
  const last = "(SELECT max(sequence) FROM rewrites WHERE tenant = ? AND component = ?)";
  const forget = database.prepare(
    `DELETE FROM rewrites WHERE tenant = ? AND component = ? AND sequence < ${last}`,
  );
  const widen = database.prepare(`UPDATE rewrites SET places = NULL WHERE sequence = ${last}`);
  return {
    append: ({ tenant, component }, places) => {
      if (places.length > 0) insert.run(tenant, component, JSON.stringify(places));
    },
    compact: ({ tenant, component }) => {
      forget.run(tenant, component, tenant, component);
      widen.run(tenant, component);
    },
  };
};
