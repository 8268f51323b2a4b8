import { pagedReads } from "../../as-of/paged-reads.ts";
import { mostStanding } from "../../as-of/take-standing.ts";
import type { AsOfReads, StandingQuery } from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import { numberOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Statement, statement } from "../connection/trip.ts";
import { selectStandingOf, selectStoodOf, toStanding } from "./rows.ts";

const ends = { "newest first": Number.MAX_SAFE_INTEGER, "oldest first": 0 } as const;

/** What stood at a time. @param schema quoted */
export const createAsOfReads = (schema: string, { read }: Run): AsOfReads => {
  const selectStood = statement(selectStoodOf(schema));
  const walks = new Map<string, Statement>();
  const walkOf = ({ direction, bodies }: StandingQuery): Statement => {
    const name = `${direction} ${bodies}`;
    const known = walks.get(name) ?? statement(selectStandingOf(schema, direction, bodies));
    walks.set(name, known);
    return known;
  };

  const standing: AsOfReads["standing"] = async (query) => {
    const { tenant, component, at, after, direction, type } = query;
    const place = String(after ?? ends[direction]);
    const values = [tenant, component, place, String(at), String(mostStanding(query))];
    const [rows = []] = await read(tenant, [{ statement: walkOf(query), values }]);
    const last = rows.at(-1);
    const goesOn = last !== undefined && rows.length < numberOf(last, 0);
    const stood = rows.flatMap((row) => toStanding(query, row.slice(1), at) ?? []);
    return {
      contexts: type === undefined ? stood : stood.filter((one) => one.type === type),
      next: goesOn ? numberOf(last, 1) : undefined,
    };
  };

  return {
    ...pagedReads(standing),
    readAsOf: async (key, ids, at) => {
      const values = [key.tenant, key.component, textArray(ids), String(at)];
      const [rows = []] = await read(key.tenant, [{ statement: selectStood, values }]);
      const stood = new Map(
        rows.flatMap((row) => {
          const found = toStanding(key, row, at);
          return found ? [[found.id, found]] : [];
        }),
      );
      return ids.map((id) => stood.get(id));
    },
  };
};
