import { limits } from "../../../base/limits.ts";
import { isBodyPath } from "../../../model/path.ts";
import type { Order } from "../../../search/filter/filter.ts";
import { combineSql, joinSql, type Sql, type SqlValue, sql, sqlWords } from "../../../search/filter/sql.ts";
import type { Key, ListQuery } from "../../engine.ts";
import type { FindPlan } from "../../finding/find-plan.ts";
import { gatheringRows, probingRows } from "../../finding/key-shortcuts.ts";
import { elementKind } from "../../finding/key-values.ts";
import type { PlaceAfter } from "../../finding/list-place.ts";
import { storedColumns } from "../connection/rows.ts";
import { fitsBody, parsed, postgresFilter, postgresOrder } from "./filter-sql.ts";

const direction = (descending: boolean): Sql => sqlWords(descending ? "DESC" : "ASC");
const beyond = (descending: boolean): Sql => sqlWords(descending ? "<" : ">");
const list = (values: readonly (SqlValue | Sql)[]): Sql =>
  joinSql(
    values.map((value) => sql`${value}`),
    ", ",
  );

/**
 * The statements of lists and counts. How each is gone about is written into it: the tables of a tenant may be of any
 * size, and one plan is kept for all of them.
 * @param schema quoted
 */
export const createFindSql = (schema: string) => {
  const contexts = sqlWords(`${schema}.contexts c`);
  const table = sqlWords(`${schema}.keys`);
  const keys = sqlWords(`${schema}.keys k`);
  const own = ({ tenant, component }: Key): Sql =>
    sql`c.tenant = ${tenant} AND c.component = ${component} AND NOT c.deleted`;

  /** What a context `c` must still be, of those that a statement comes by in another way. */
  const remaining = (key: Key, { type, rest, paths }: FindPlan, shortcuts = probingRows): Sql[] => [
    ...(type === undefined ? [] : [sql`c.type = ${type}`]),
    ...(rest ? [fitsBody(rest, shortcuts(key, { keys: table, paths, fence: sqlWords("OFFSET 0") }))] : []),
  ];

  /** Gathered once, before the contexts are looked at: an array is what an index is asked with. */
  const among = ({ found }: FindPlan): Sql =>
    found && found.places.length > 0
      ? sql`c.place = ANY (ARRAY(${joinSql(found.places, " UNION ALL ")}))`
      : sqlWords("false");

  /** Whether a context `c` fits, whichever way it was come by. */
  const condition = (key: Key, plan: FindPlan, shortcuts = probingRows): Sql => {
    const { found, gathered } = plan;
    const rows = !found
      ? []
      : gathered || !found.inOrder
        ? [among(plan)]
        : [sql`EXISTS (SELECT FROM ${keys} WHERE ${found.inOrder} AND k.place = c.place)`];
    return combineSql([...rows, ...remaining(key, plan, shortcuts)], "AND");
  };

  /** Contexts by their rows `k`, in whichever order those are taken. */
  const joined = (key: Key, plan: FindPlan, rows: Sql): Sql => sql`
    ${keys} CROSS JOIN LATERAL (
      SELECT * FROM ${contexts} WHERE ${own(key)} AND c.place = k.place OFFSET 0
    ) c WHERE ${combineSql([rows, ...remaining(key, plan)], "AND")}`;

  const unordered = (query: ListQuery, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
    const { limit } = query;
    const { found, gathered } = plan;
    const columns = sqlWords("c.place, NULL::text AS a, NULL::float8 AS b, NULL::text AS c");
    if (found?.inOrder && !gathered) {
      const on = after ? sql`AND k.place < ${after.place}` : sqlWords("");
      const rows = sql`${found.inOrder} ${on}`;
      return sql`SELECT ${columns} FROM ${joined(query, plan, rows)} ORDER BY k.place DESC LIMIT ${limit + 1}`;
    }
    const on = after ? sql`AND c.place < ${after.place}` : sqlWords("");
    return sql`SELECT ${columns} FROM ${contexts} WHERE ${own(query)} ${on} AND ${condition(query, plan)}
      ORDER BY c.place DESC LIMIT ${limit + 1}`;
  };

  const walked = (query: ListQuery, order: Order, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
    const { tenant, component, limit } = query;
    const { descending, path } = order;
    const way = direction(descending);
    const by = sql`k.kind ${way}, k.number ${way}, k.text ${way}, k.place ${way}`;
    const on = after
      ? sql`AND (k.kind, k.number, k.text, k.place) ${beyond(descending)} (${list([...after.values, after.place])})`
      : sqlWords("");
    const rows = sql`k.tenant = ${tenant} AND k.component = ${component} AND k.path = ${path.text}
      AND k.kind < ${elementKind} ${on}`;
    return sql`SELECT c.place, k.kind::text AS a, k.number AS b, k.text AS c FROM ${joined(query, plan, rows)}
      ORDER BY ${by} LIMIT ${limit + 1}`;
  };

  const sorted = (query: ListQuery, order: Order, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
    const { descending, path } = order;
    const values = isBodyPath(path) ? postgresOrder(path) : [postgresFilter.column(path.root)];
    const names = ["a", "b", "c"].slice(0, values.length).map(sqlWords);
    const by = sql`SELECT ${list(values)} FROM ${parsed}`;
    const used = list([...names, sqlWords("place")]);
    const on = after
      ? sql`WHERE (${used}) ${beyond(descending)} (${list([...after.values, after.place])})`
      : sqlWords("");
    const way = direction(descending);
    const turns = [...names, sqlWords("place")].map((name) => sql`${name} ${way}`);
    const others = sqlWords(values.length === 1 ? ", NULL::float8 AS b, NULL::text AS c" : ", b, c");
    return sql`SELECT place, a::text AS a ${others} FROM (
        SELECT c.place, v.* FROM ${contexts} CROSS JOIN LATERAL (${by}) v (${list(names)})
        WHERE ${own(query)} AND ${condition(query, plan)}
      ) s ${on} ORDER BY ${joinSql(turns, ", ")} LIMIT ${query.limit + 1}`;
  };

  const places = (query: ListQuery, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
    const { order } = query;
    if (!order) return unordered(query, plan, after);
    return plan.walked ? walked(query, order, plan, after) : sorted(query, order, plan, after);
  };

  const size = "octet_length(c.content) + octet_length(c.metadata) + coalesce(octet_length(c.embeddings), 0)";

  return {
    condition,
    /** @param more what else a context `c` must be */
    count: (key: Key, plan: FindPlan, more = sqlWords("true")): Sql =>
      sql`SELECT count(*) FROM ${contexts}
        WHERE ${own(key)} AND ${more} AND ${condition(key, plan, plan.found ? probingRows : gatheringRows)}`,
    /**
     * A page: the stored columns, place, how many rows there are with one beyond it, and what the list is ordered by.
     * Rows are sent that begin within the bytes of a page.
     */
    page: (query: ListQuery, plan: FindPlan, after: PlaceAfter | undefined): Sql => sql`
      WITH places AS MATERIALIZED (
        SELECT s.*, row_number() OVER () AS nth FROM (${places(query, plan, after)}) s
      )
      SELECT ${sqlWords(storedColumns("p"))}, p.place, p.total, p.a, encode(float8send(p.b), 'hex'), p.c FROM (
        SELECT c.*, f.nth, f.a, f.b, f.c, count(*) OVER () AS total,
          sum(${sqlWords(size)}) OVER (ORDER BY f.nth) - (${sqlWords(size)}) AS before
        FROM places f CROSS JOIN LATERAL (
          SELECT * FROM ${contexts} WHERE ${own(query)} AND c.place = f.place OFFSET 0
        ) c
      ) p WHERE p.nth <= ${query.limit} AND p.before <= ${sqlWords(String(limits.pageBytes))} ORDER BY p.nth`,
  };
};
