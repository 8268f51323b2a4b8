import { limits } from "../../../base/limits.ts";
import type { Change } from "../../engine.ts";
import { changeColumns, numberOf, toChange } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { statement } from "../connection/trip.ts";

/** Fences are numbered by the server's clock, in milliseconds, so that old ones can be told. */
export const fenceNumber = "floor(extract(epoch FROM clock_timestamp()) * 1000)::int8";

/** What a write id is known for: the changes that end at `position`; `count` 0 is a fence, and `position` its number. */
export type Known = { readonly position: number; readonly count: number };

/** The change log. Since writers of a tenant lock its counter first, positions appear in their order. */
export type Changes = {
  readonly after: (tenant: string, position: number, limit: number) => Promise<Change[]>;
  readonly lastPosition: (tenant: string) => Promise<number>;
  /** The changes of a write that is known for them. */
  readonly of: (tenant: string, known: Known) => Promise<Change[]>;
  /**
   * What the write of this id did. Where it did nothing, its id is fenced: a commit that is still on its way, whoever
   * sent it, meets the fence and fails, so that what is told here is final.
   */
  readonly settle: (tenant: string, write: string) => Promise<Change[] | undefined>;
};

/** @param schema quoted */
export const createChanges = (schema: string, { read, write: change }: Run): Changes => {
  const selectAfter = statement(
    `SELECT ${changeColumns("c")} FROM ${schema}.changes c WHERE tenant = $1 AND position > $2
     ORDER BY position LIMIT $3`,
  );
  const selectPosition = statement(`SELECT position FROM ${schema}.tenants WHERE tenant = $1`);
  const selectWrite = statement(
    `SELECT position, count FROM ${schema}.writes WHERE tenant = $1 AND write = $2 AND count > 0`,
  );
  // A fence that stands gets a higher number, so that who saw the old one cannot take it down any more.
  const raiseFence = statement(
    `INSERT INTO ${schema}.writes AS w (tenant, write, position, count) VALUES ($1, $2, ${fenceNumber}, 0)
     ON CONFLICT (tenant, write) DO UPDATE SET position = greatest(w.position + 1, excluded.position)
     WHERE w.count = 0`,
  );
  const removeFences = statement(
    `DELETE FROM ${schema}.writes
     WHERE tenant = $1 AND count = 0
       AND position < floor(extract(epoch FROM now()) * 1000)::int8 - ${limits.fenceMilliseconds}`,
  );

  const after: Changes["after"] = async (tenant, position, limit) => {
    const values = [tenant, String(position), String(limit)];
    const [rows = []] = await read(tenant, [{ statement: selectAfter, values }]);
    return rows.map(toChange);
  };
  const of: Changes["of"] = (tenant, { position, count }) => after(tenant, position - count, count);

  const find = async (tenant: string, write: string): Promise<Change[] | undefined> => {
    const [[row] = []] = await read(tenant, [{ statement: selectWrite, values: [tenant, write] }]);
    return row && of(tenant, { position: numberOf(row, 0), count: numberOf(row, 1) });
  };

  return {
    after,
    of,
    lastPosition: async (tenant) => {
      const [[row] = []] = await read(tenant, [{ statement: selectPosition, values: [tenant] }]);
      return row ? numberOf(row, 0) : 0;
    },
    settle: async (tenant, write) => {
      const found = await find(tenant, write);
      if (found) return found;
      await change(tenant, [
        { statement: raiseFence, values: [tenant, write] },
        { statement: removeFences, values: [tenant] },
      ]);
      return find(tenant, write);
    },
  };
};
