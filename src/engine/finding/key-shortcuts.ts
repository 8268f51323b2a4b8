import { isBodyPath } from "../../model/path.ts";
import type { LeafShortcut } from "../../search/filter/compile-sql.ts";
import { joinSql, type Sql, sql, sqlWords } from "../../search/filter/sql.ts";
import type { Leaf } from "../../search/filter/value-predicate.ts";
import type { Key } from "../engine.ts";
import { type KeyCondition, keyCondition, missingCondition } from "./key-conditions.ts";

export type KeyTable = {
  /** The table, as a statement names it. */
  readonly keys: Sql;
  /** The paths whose rows are complete, as they are written. */
  readonly paths: ReadonlySet<string>;
  /** What keeps a database from gathering all rows where one is to be looked up. */
  readonly fence?: Sql;
};

/** What rows tell of a leaf exactly, so that the context `c` need not be looked into; undefined where they do not. */
const exactCondition = (leaf: Leaf, { paths }: KeyTable): KeyCondition | undefined => {
  const condition = isBodyPath(leaf.path) && paths.has(leaf.path.text) ? keyCondition(leaf) : undefined;
  return condition?.exact ? condition : undefined;
};

const ownRows = ({ tenant, component }: Key, leaf: Leaf, range: Sql): Sql =>
  sql`k.tenant = ${tenant} AND k.component = ${component} AND k.path = ${leaf.path.text} AND ${range}`;

/** Looks the one row up that a context has where it fits: for some contexts, whichever way they were come by. */
export const probingRows =
  (key: Key, table: KeyTable): LeafShortcut =>
  (leaf) => {
    const condition = exactCondition(leaf, table);
    const [range] = condition?.byPlace ? condition.ranges : [];
    const exists = (there: Sql): Sql =>
      sql`EXISTS (SELECT 1 FROM ${table.keys} k WHERE ${ownRows(key, leaf, there)} AND k.place = c.place ${table.fence ?? sqlWords("")})`;
    if (range) return exists(range);
    const [missing] = condition && leaf.kind === "exists" ? missingCondition.ranges : [];
    return missing && sql`(NOT ${exists(missing)})`;
  };

/** Gathers the rows of all contexts that fit: for every context, one after another. */
export const gatheringRows =
  (key: Key, table: KeyTable): LeafShortcut =>
  (leaf) => {
    const condition = exactCondition(leaf, table);
    if (!condition) return undefined;
    const places = condition.ranges.map(
      (range) => sql`SELECT k.place FROM ${table.keys} k WHERE ${ownRows(key, leaf, range)}`,
    );
    return places.length === 0 ? sqlWords("(1 = 0)") : sql`(c.place IN (${joinSql(places, " UNION ALL ")}))`;
  };
