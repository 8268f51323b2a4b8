import type { Database } from "better-sqlite3-multiple-ciphers";
import type { ListPage, ListQuery } from "../../engine.ts";
import { type ContextRow, contextColumns } from "../layout/rows.ts";
import { takePage } from "./take-page.ts";

/** Lists of all contexts, or those of a type: the index by place has them in their order. */
export const createNewestFirst = (database: Database): ((query: ListQuery) => ListPage) => {
  const page = "AND deleted = 0 AND place < ? ORDER BY place DESC LIMIT ?";
  const selectAll = database.prepare<[string, string, number, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_place WHERE tenant = ? AND component = ? ${page}`,
  );
  const selectOfType = database.prepare<[string, string, string, number, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_type
     WHERE tenant = ? AND component = ? AND type = ? ${page}`,
  );
  return ({ tenant, component, type, limit, after }) => {
    const before = after?.place ?? Number.MAX_SAFE_INTEGER;
    const rows =
      type === undefined
        ? selectAll.iterate(tenant, component, before, limit + 1)
        : selectOfType.iterate(tenant, component, type, before, limit + 1);
    return { ...takePage(rows, limit, ({ place }) => ({ place })), plan: [] };
  };
};
