import type { Database } from "better-sqlite3-multiple-ciphers";
import { type Sql, sql, sqlWords } from "../../../search/filter/sql.ts";
import type { CountQuery, Key, ListPage, ListQuery } from "../../engine.ts";
import { type FindPlan, type FindQuery, planFind } from "../../finding/find-plan.ts";
import { fromListPlace, toListPlace } from "../../finding/list-place.ts";
import { createStatements } from "../connection/statements.ts";
import { createKeyPaths } from "../indexing/key-paths.ts";
import { type ContextRow, contextColumns } from "../layout/rows.ts";
import { createExpiring } from "../pruning/expiring.ts";
import { countSql, pageSql } from "./find-sql.ts";
import { addJsonFunctions } from "./json-functions.ts";
import { createNewestFirst } from "./newest-first.ts";
import { takePage } from "./take-page.ts";

/**
 * More places than this are not gathered: looking through contexts until a page is full ends before. On the caller's
 * thread, the event loop, it is fewer.
 */
const mostGathered = { caller: 1_000, reader: 20_000 } as const;
/** There are no more contexts of a tenant than it has changes. */
const lastPosition = ({ tenant }: Key): Sql => sql`SELECT position FROM tenants WHERE tenant = ${tenant}`;

const anyNumber = Number.MAX_SAFE_INTEGER;
export type RunsIn = keyof typeof mostGathered;

/** Lists and counts; undefined where one would hold up the event loop, and is to be asked of the thread. */
export type Finding = {
  readonly list: (query: ListQuery, runsIn: RunsIn) => ListPage | undefined;
  readonly count: (query: CountQuery, runsIn: RunsIn) => number | undefined;
};

type PlaceRow = {
  readonly place: number;
  readonly a?: string | number;
  readonly b?: number;
  readonly c?: string;
};

/** Contexts whose JSON is looked at on the event loop. */
const mostLookedAt = 500;

export const createFinding = (database: Database): Finding => {
  const functions = addJsonFunctions(database);
  const statements = createStatements(database);
  const keyPaths = createKeyPaths(database);
  const plan = (query: FindQuery, most: number): FindPlan => {
    const planned = planFind(query, {
      keys: sqlWords("keys"),
      contexts: sqlWords("contexts"),
      paths: new Set(keyPaths.of(query.component).flatMap(({ path, filled }) => (filled ? [path.text] : []))),
      count: (condition) =>
        statements.value<number>(
          sql`SELECT count(*) FROM (SELECT 1 FROM keys k WHERE ${condition} LIMIT ${most + 1})`,
        ),
      most,
      ...(query.order && { total: statements.value<number | undefined>(lastPosition(query)) ?? 0 }),
    });
    if (planned.rest) functions.ask(planned.rest);
    return planned;
  };
  const select = database.prepare<[string, string, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_place
     WHERE tenant = ? AND component = ? AND place = ? AND deleted = 0`,
  );

  const newestFirst = createNewestFirst(database);
  const expiring = createExpiring(database);

  /** The contexts of a page are read one by one, so that what is sorted is small. */
  function* rowsOf({ tenant, component }: Key, places: readonly PlaceRow[]) {
    for (const { place, a, b, c } of places) {
      const row = select.get(tenant, component, place);
      if (row) yield { ...row, by: [a, b, c].filter((value) => value !== undefined) };
    }
  }

  const list = (query: ListQuery, runsIn: RunsIn): ListPage | undefined => {
    if (!query.where && !query.order) return newestFirst(query);
    const after = fromListPlace(query.after, query.order);
    const planned = plan(query, mostGathered[runsIn]);
    if (runsIn === "caller" && !isShort(query, planned)) return undefined;
    const rows = statements.all<PlaceRow>(pageSql(query, planned, after));
    const page = takePage(rowsOf(query, rows), query.limit, ({ place, by }) => toListPlace(place, by));
    return { ...page, plan: planned.steps };
  };

  const count = (query: CountQuery, runsIn: RunsIn): number | undefined => {
    const few = plan(query, mostGathered[runsIn]);
    // Gathering any number of places takes less than looking at what stands in the contexts.
    const planned = few.gathered || runsIn === "caller" ? few : plan(query, anyNumber);
    const { found, gathered, rest, type } = planned;
    // Of the few that expired, most are deleted already: rows tell nothing of the others.
    const { now } = query;
    const expired = now !== undefined && expiring.any(query, now);
    if (found?.single && gathered && !rest && type === undefined && !expired) return found.rows;
    if (runsIn === "caller" && !(gathered && isShort(query, planned))) return undefined;
    const unexpired = expired ? [sql`(c.expires_at IS NULL OR c.expires_at > ${now})`] : [];
    return statements.value<number>(countSql(query, planned, unexpired));
  };

  // In a transaction, so that a plan holds while it is carried out.
  return { list: database.transaction(list), count: database.transaction(count) };
};

/** Whether it is done on the event loop: it takes few milliseconds, whatever the component holds. */
const isShort = (
  query: ListQuery | CountQuery,
  { found, gathered, rest, inside, type, walked }: FindPlan,
): boolean => {
  const order = "order" in query ? query.order : undefined;
  if (gathered) return (!inside && !order) || (found?.rows ?? 0) <= mostLookedAt;
  // In order, up to a page's end: at once, unless many are passed over.
  const passesOver = rest !== undefined || (type !== undefined && (found !== undefined || walked));
  return !passesOver && (order === undefined || walked);
};
