import { isBodyPath } from "../../../model/path.ts";
import { compileFilter } from "../../../search/filter/compile-sql.ts";
import type { Filter, Order } from "../../../search/filter/filter.ts";
import { leavesOf } from "../../../search/filter/leaves-of.ts";
import { combineSql, joinSql, type Sql, type SqlValue, sql, sqlWords } from "../../../search/filter/sql.ts";
import type { Key, ListQuery } from "../../engine.ts";
import type { FindPlan } from "../../finding/find-plan.ts";
import type { Found } from "../../finding/key-search.ts";
import { gatheringRows, probingRows } from "../../finding/key-shortcuts.ts";
import { elementKind } from "../../finding/key-values.ts";
import type { PlaceAfter } from "../../finding/list-place.ts";
import { sqliteFilter, sqliteOrder } from "./filter-sql.ts";
import { fitsColumns } from "./json-functions.ts";

/** More conditions than these are looked at together, in JavaScript: one by one each would cost its own look. */
const mostConditions = 16;

/** Whether a filter is asked of each context by `contextbase_fits`. */
export const isLong = (filter: Filter): boolean => leavesOf(filter).length > mostConditions;

const fits = sqlWords(`contextbase_fits(${fitsColumns})`);

const byPlace = sqlWords("contexts c INDEXED BY contexts_by_place");
const byType = sqlWords("contexts c INDEXED BY contexts_by_type");
const joined = sqlWords("c.tenant = k.tenant AND c.component = k.component AND c.place = k.place");

/** The contexts of a component that fit, as what follows SELECT … FROM. */
const fitting = (
  { tenant, component }: Key,
  plan: FindPlan,
  more: readonly Sql[],
  shortcuts = probingRows,
): Sql => {
  const { found, gathered, rest, type, paths } = plan;
  const shortcut = shortcuts({ tenant, component }, { keys: sqlWords("keys"), paths });
  const conditions = [
    sql`c.tenant = ${tenant} AND c.component = ${component} AND c.deleted = 0`,
    ...(type === undefined ? [] : [sql`c.type = ${type}`]),
    ...(rest ? [isLong(rest) ? fits : compileFilter(rest, sqliteFilter, shortcut)] : []),
    ...more,
  ];
  if (found && !gathered && found.inOrder) {
    return sql`keys k CROSS JOIN ${byPlace} ON ${joined} WHERE ${found.inOrder} AND ${all(conditions)}`;
  }
  if (!found) return sql`${type === undefined ? byPlace : byType} WHERE ${all(conditions)}`;
  return sql`${byPlace} WHERE ${all([...conditions, sql`c.place IN (${gatheredPlaces(found)})`])}`;
};

const gatheredPlaces = ({ places }: Found): Sql =>
  places.length === 0 ? sqlWords("SELECT 0") : joinSql(places, " UNION ALL ");

/** Conditions one after another: what is no expression of its own is found by indexes. */
const all = (conditions: readonly Sql[]): Sql => combineSql(conditions, "AND");

const direction = (descending: boolean): Sql => sqlWords(descending ? "DESC" : "ASC");
const beyond = (descending: boolean): Sql => sqlWords(descending ? "<" : ">");
const list = (values: readonly (SqlValue | Sql)[]): Sql =>
  joinSql(
    values.map((value) => sql`${value}`),
    ", ",
  );

/**
 * How many contexts fit. Where all are gone through, gathering what rows tell beats looking it up for each.
 * @param more what else a context `c` must be
 */
export const countSql = (key: Key, plan: FindPlan, more: readonly Sql[]): Sql =>
  sql`SELECT count(*) FROM ${fitting(key, plan, more, plan.found ? probingRows : gatheringRows)}`;

/** Newest first. */
const unordered = (query: ListQuery, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
  const place = plan.found && !plan.gathered ? sqlWords("k.place") : sqlWords("c.place");
  const more = after ? [sql`${place} < ${after.place}`] : [];
  return sql`SELECT c.place FROM ${fitting(query, plan, more)} ORDER BY ${place} DESC LIMIT ${query.limit + 1}`;
};

/** By the rows of a path, which have the order. */
const walked = (query: ListQuery, order: Order, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
  const { tenant, component, limit } = query;
  const { descending, path } = order;
  // A place within the order bounds the kinds by itself, and SQLite takes one bound of them from an index.
  const own = sql`k.kind < ${elementKind}`;
  const on = sql`(k.kind, k.number, k.text, k.place) ${beyond(descending)} (${list([...(after?.values ?? []), after?.place ?? 0])})`;
  const bounds = after ? (descending ? on : sql`${own} AND ${on}`) : own;
  const among =
    plan.found && plan.gathered ? sql`AND k.place IN (${gatheredPlaces(plan.found)})` : sqlWords("");
  const inOrder = sql`k.tenant = ${tenant} AND k.component = ${component} AND k.path = ${path.text} AND ${bounds} ${among}`;
  const found = { places: [], rows: 0, exact: true, single: true, inOrder };
  const way = direction(descending);
  return sql`SELECT c.place, k.kind AS a, k.number AS b, k.text AS c
    FROM ${fitting(query, { ...plan, found, gathered: false }, [])}
    ORDER BY k.kind ${way}, k.number ${way}, k.text ${way}, k.place ${way} LIMIT ${limit + 1}`;
};

const names = ["a", "b", "c"].map(sqlWords);

/** By what stands in each context that fits. */
const sorted = (query: ListQuery, order: Order, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
  const { descending, path } = order;
  const by = isBodyPath(path) ? sqliteOrder(path) : [sqliteFilter.column(path.root)];
  const used = names.slice(0, by.length);
  const columns = by.map((value, at) => sql`${value} AS ${used[at] ?? ""}`);
  const on = after
    ? sql`WHERE (${list([...used, sqlWords("place")])}) ${beyond(descending)} (${list([...after.values, after.place])})`
    : sqlWords("");
  const way = direction(descending);
  const turns = [...used, sqlWords("place")].map((name) => sql`${name} ${way}`);
  return sql`SELECT * FROM (SELECT c.place AS place, ${joinSql(columns, ", ")} FROM ${fitting(query, plan, [])})
    ${on} ORDER BY ${joinSql(turns, ", ")} LIMIT ${query.limit + 1}`;
};

/** The places of a page, and one more; with what they are ordered by, as a, b and c. */
export const pageSql = (query: ListQuery, plan: FindPlan, after: PlaceAfter | undefined): Sql => {
  const { order } = query;
  if (!order) return unordered(query, plan, after);
  return plan.walked ? walked(query, order, plan, after) : sorted(query, order, plan, after);
};
