import { isBodyPath } from "../../../model/path.ts";
import type { Order } from "../../../search/filter/filter.ts";
import { joinSql, renderSql, type Sql, sql, sqlWords } from "../../../search/filter/sql.ts";
import type { CountQuery, Engine, Key, ListPage, ListQuery, SearchQuery } from "../../engine.ts";
import { type FindPlan, type FindQuery, planFind } from "../../finding/find-plan.ts";
import { fromListPlace, type OrderValue, toListPlace } from "../../finding/list-place.ts";
import { numberOf, textOf, toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import type { Row } from "../connection/trip.ts";
import type { Expiring } from "../pruning/expiring.ts";
import { createFindSql } from "./find-sql.ts";
import { createShapes, type Fits, toValue } from "./fits.ts";

export type Findings = Pick<Engine, "count"> & {
  /** Lists with a filter, or in an order. */
  readonly list: (query: ListQuery) => Promise<ListPage>;
  /** What a search's filter asks of a context. */
  readonly fits: (query: SearchQuery) => Promise<Fits | undefined>;
};

/**
 * More places than this are not gathered: looking through contexts until a page is full ends before. A count looks
 * through all of them, and gathers any number.
 */
const mostGathered = 5_000;
const anyNumber = 1_000_000_000;

const placeColumn = 10;
const totalColumn = 11;
const orderColumn = 12;

const bytesOfNumber = 8;

const valuesOf = (row: Row, order: Order | undefined): OrderValue[] => {
  if (!order) return [];
  if (!isBodyPath(order.path)) {
    const isText = order.path.root === "id" || order.path.root === "type";
    return [isText ? textOf(row, orderColumn) : numberOf(row, orderColumn)];
  }
  const number = Buffer.from(textOf(row, orderColumn + 1).padStart(2 * bytesOfNumber, "0"), "hex");
  return [numberOf(row, orderColumn), number.readDoubleBE(), textOf(row, orderColumn + 2)];
};

const toPage = (query: ListQuery, plan: FindPlan, rows: readonly Row[]): ListPage => {
  const last = rows.at(-1);
  const goesOn = last !== undefined && rows.length < numberOf(last, totalColumn);
  return {
    contexts: rows.map((row) => toStored(query.component, row)),
    places: rows.map((row) => numberOf(row, placeColumn)),
    next: goesOn ? toListPlace(numberOf(last, placeColumn), valuesOf(last, query.order)) : undefined,
    plan: plan.steps,
  };
};

/**
 * @param schema quoted
 * @param pathsOf the paths of which a tenant's key rows are complete
 */
export const createFindings = (
  schema: string,
  run: Run,
  pathsOf: (key: Key) => Promise<ReadonlySet<string>>,
  expiring: Expiring,
): Findings => {
  const shapes = createShapes();
  const statements = createFindSql(schema);
  const tables = { keys: sqlWords(`${schema}.keys`), contexts: sqlWords(`${schema}.contexts`) };

  const ask = async (tenant: string, asked: Sql): Promise<readonly Row[]> => {
    const statement = shapes(renderSql(asked, (number) => `$${number}`));
    const [rows = []] = await run.read(tenant, [{ statement, values: asked.values.map(toValue) }]);
    return rows;
  };

  /** How many rows fit each condition, in one trip. */
  const countRows = async (tenant: string, conditions: readonly Sql[], most: number): Promise<number[]> => {
    if (conditions.length === 0) return [];
    const counts = conditions.map(
      (condition) =>
        sql`(SELECT count(*) FROM (SELECT FROM ${tables.keys} k WHERE ${condition} LIMIT ${most + 1}) r)`,
    );
    const [row = []] = await ask(tenant, sql`SELECT ${joinSql(counts, ", ")}`);
    return row.map(Number);
  };

  /** Planned twice: the first time to see which rows are to be counted. */
  const planned = async (query: FindQuery, most: number): Promise<FindPlan> => {
    const paths = query.where || query.order ? await pathsOf(query) : new Set<string>();
    const conditions: Sql[] = [];
    const source = { ...tables, paths, most };
    planFind(query, { ...source, count: (condition) => conditions.push(condition) });
    const counts = (await countRows(query.tenant, conditions, most)).values();
    return planFind(query, { ...source, count: () => counts.next().value ?? 0 });
  };

  /** What one range of rows tells whole is not counted before it is looked for. */
  const rowsOf = async (query: SearchQuery): Promise<Fits | undefined> => {
    const paths = await pathsOf(query);
    const source = { ...tables, paths, most: mostGathered, count: () => mostGathered + 1 };
    const plan = planFind({ ...query, type: undefined }, source);
    const { found, rest, type, steps } = plan;
    if (!found?.inOrder || !found.exact || !found.single || rest || type !== undefined) return undefined;
    const check = statements.condition(query, plan);
    return { condition: check, check, rows: found.inOrder, plan: steps };
  };

  return {
    list: async (query) => {
      const after = fromListPlace(query.after, query.order);
      const plan = await planned(query, mostGathered);
      return toPage(query, plan, await ask(query.tenant, statements.page(query, plan, after)));
    },
    count: async (query: CountQuery) => {
      const { now } = query;
      const [expired, few] = await Promise.all([
        now !== undefined && expiring.any(query, now),
        planned(query, mostGathered),
      ]);
      const plan = few.gathered ? few : await planned(query, anyNumber);
      const { found, rest, type } = plan;
      // Of the few that expired, most are deleted already: rows tell nothing of the others.
      if (found?.single && !rest && type === undefined && !expired) return found.rows;
      const unexpired = expired ? sql`(c.expires_at IS NULL OR c.expires_at > ${now ?? 0})` : undefined;
      const [row = []] = await ask(query.tenant, statements.count(query, plan, unexpired));
      return numberOf(row, 0);
    },
    fits: async (query) => {
      if (!query.where) return undefined;
      const rows = query.text ? undefined : await rowsOf(query);
      if (rows) return rows;
      const plan = await planned({ ...query, type: undefined }, mostGathered);
      const check = statements.condition(query, { ...plan, gathered: false });
      return { condition: statements.condition(query, plan), check, plan: plan.steps };
    },
  };
};
