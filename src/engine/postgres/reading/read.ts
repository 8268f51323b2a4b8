import { limits } from "../../../base/limits.ts";
import type {
  ContextKey,
  HistoryQuery,
  Key,
  ListPage,
  ListQuery,
  StoredContext,
  StoredVersion,
} from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import { numberOf, optionalNumberOf, storedColumns, textOf, toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, type Step, statement } from "../connection/trip.ts";
import { createGather } from "./gather.ts";
import { createVersions } from "./versions.ts";

export type Reads = {
  readonly current: (key: Key, ids: readonly string[]) => Promise<(StoredContext | undefined)[]>;
  readonly version: (key: ContextKey, version: number) => Promise<StoredContext | undefined>;
  readonly list: (query: ListQuery) => Promise<ListPage>;
  readonly history: (query: HistoryQuery) => Promise<StoredVersion[]>;
};

const farthest = String(Number.MAX_SAFE_INTEGER);
const inComponent = "c.tenant = $1 AND c.component = $2";

/** A page, and how many rows there are with one beyond it: those are sent that begin within the bytes of a page. */
const listOf = (schema: string, ofType: string): string => `
  SELECT ${storedColumns("p")}, p.place, p.total FROM (
    SELECT c.*, count(*) OVER () AS total, row_number() OVER newest AS nth,
      sum(octet_length(c.content) + octet_length(c.metadata) + coalesce(octet_length(c.embeddings), 0)) OVER newest
        - octet_length(c.content) - octet_length(c.metadata) - coalesce(octet_length(c.embeddings), 0) AS before
    FROM (
      SELECT * FROM ${schema}.contexts c WHERE ${inComponent} ${ofType} AND NOT c.deleted AND c.place < $3
      ORDER BY c.place DESC LIMIT $4::int8 + 1
    ) c WINDOW newest AS (ORDER BY c.place DESC)
  ) p WHERE p.nth <= $4::int8 AND p.before <= ${limits.pageBytes} ORDER BY p.place DESC`;

const placeColumn = 10;
const totalColumn = 11;

const toPage = (component: string, rows: readonly Row[]): ListPage => {
  const last = rows.at(-1);
  const goesOn = last !== undefined && rows.length < numberOf(last, totalColumn);
  return {
    contexts: rows.map((row) => toStored(component, row)),
    places: rows.map((row) => numberOf(row, placeColumn)),
    next: goesOn ? { place: numberOf(last, placeColumn) } : undefined,
    plan: [],
  };
};

/** @param schema quoted */
export const createReads = (schema: string, run: Run): Reads => {
  const versions = createVersions(schema, run);
  // Through the primary key, also where the planner never looked at the tables: a deletion is left out only
  // afterwards, so that no index of undeleted rows comes into question.
  const byId = (id: string): string =>
    `(SELECT * FROM ${schema}.contexts c WHERE ${inComponent} AND c.id = ${id} OFFSET 0) c WHERE NOT c.deleted`;
  const selectOne = statement(`SELECT ${storedColumns("c")} FROM ${byId("$3")}`);
  const selectMany = statement(
    `SELECT ${storedColumns("c")} FROM unnest($3::text[]) AS asked (id) CROSS JOIN LATERAL ${byId("asked.id")}`,
  );
  const selectList = statement(listOf(schema, ""));
  const selectListOfType = statement(listOf(schema, "AND c.type = $5"));
  const versionsOf = (table: string): string =>
    `SELECT version, updated_at, actor, deleted, parent FROM ${schema}.${table} c
     WHERE ${inComponent} AND c.id = $3 AND c.version < $4 AND c.updated_at <= $6`;
  const selectHistory = statement(
    `${versionsOf("contexts")} UNION ALL ${versionsOf("versions")} ORDER BY version DESC LIMIT $5`,
  );

  const gathered = createGather(async ({ tenant, component }, ids) => {
    const [first, ...others] = ids;
    const step: Step =
      first !== undefined && others.length === 0
        ? { statement: selectOne, values: [tenant, component, first] }
        : { statement: selectMany, values: [tenant, component, textArray(ids)] };
    const [rows = []] = await run.read(tenant, [step]);
    return new Map(rows.map((row) => [textOf(row, 0), toStored(component, row)]));
  });

  return {
    version: versions.at,
    current: async (key, ids) => {
      const found = await gathered(key, ids);
      return ids.map((id) => found.get(id));
    },
    list: async ({ tenant, component, type, limit, after }) => {
      const values = [tenant, component, after === undefined ? farthest : String(after.place), String(limit)];
      const step =
        type === undefined
          ? { statement: selectList, values }
          : { statement: selectListOfType, values: [...values, type] };
      const [rows = []] = await run.read(tenant, [step]);
      return toPage(component, rows);
    },
    history: async ({ tenant, component, id, limit, before, at }) => {
      const values = [
        tenant,
        component,
        id,
        String(before ?? farthest),
        String(limit),
        String(at ?? farthest),
      ];
      const [rows = []] = await run.read(tenant, [{ statement: selectHistory, values }]);
      return rows.map((row) => ({
        version: numberOf(row, 0),
        at: numberOf(row, 1),
        actor: textOf(row, 2),
        operation: textOf(row, 3) === "t" ? "delete" : "store",
        parent: optionalNumberOf(row, 4),
      }));
    },
  };
};
