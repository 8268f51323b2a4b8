import type { Engine, Key } from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { statement } from "../connection/trip.ts";

/** The contexts that expired, and stand as yet. */
export type Expiring = {
  readonly expired: Engine["expired"];
  /** Whether a component has any. */
  readonly any: (key: Key, now: number) => Promise<boolean>;
};

/** @param schema quoted */
export const createExpiring = (schema: string, { read }: Run): Expiring => {
  const inComponent = (component: string): string =>
    `tenant = $1 AND component = ${component} AND expires_at IS NOT NULL AND expires_at <= $2 AND NOT deleted`;
  const select = statement(`
    SELECT c.component, c.id, c.version FROM unnest($3::text[]) AS asked (component) CROSS JOIN LATERAL (
      SELECT component, id, version FROM ${schema}.contexts WHERE ${inComponent("asked.component")}
      ORDER BY expires_at LIMIT $4
    ) c LIMIT $4`);
  const selectAny = statement(
    `SELECT FROM ${schema}.contexts WHERE ${inComponent("$3")} ORDER BY expires_at LIMIT 1`,
  );
  return {
    expired: async ({ tenant, components, now, limit }) => {
      const values = [tenant, String(now), textArray(components), String(limit)];
      const [rows = []] = await read(tenant, [{ statement: select, values }]);
      return rows.map((row) => ({
        component: textOf(row, 0),
        id: textOf(row, 1),
        version: numberOf(row, 2),
      }));
    },
    any: async ({ tenant, component }, now) => {
      const [rows = []] = await read(tenant, [
        { statement: selectAny, values: [tenant, String(now), component] },
      ]);
      return rows.length > 0;
    },
  };
};
