import type { Database, Statement } from "better-sqlite3-multiple-ciphers";
import { renderSql, type Sql, type SqlValue } from "../../../search/filter/sql.ts";

/** Statements that were prepared, and are used again where their words are the same. */
const keptStatements = 200;

/** Runs statements that are made as they are needed. */
export type Statements = {
  readonly all: <Row>(statement: Sql) => Row[];
  /** The first column of the first row; such statements are run in no other way. */
  readonly value: <Value>(statement: Sql) => Value;
};

export const createStatements = (database: Database): Statements => {
  const kept = new Map<string, Statement<SqlValue[], unknown>>();

  const prepare = (statement: Sql): Statement<SqlValue[], unknown> => {
    const text = renderSql(statement, () => "?");
    const known = kept.get(text);
    if (known) return known;
    const [oldest] = kept.size < keptStatements ? [] : kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
    const made = database.prepare<SqlValue[], unknown>(text);
    kept.set(text, made);
    return made;
  };

  return {
    all: <Row>(statement: Sql) => prepare(statement).all(...statement.values) as Row[],
    value: <Value>(statement: Sql) =>
      prepare(statement)
        .pluck()
        .get(...statement.values) as Value,
  };
};
