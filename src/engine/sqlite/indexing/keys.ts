import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Json } from "../../../base/json.ts";
import { parseJsonText } from "../../../base/json-text.ts";
import { type BodyPath, valueBelow } from "../../../model/path.ts";
import { type KeyValue, keyValues } from "../../finding/key-values.ts";
import type { KeyPaths } from "./key-paths.ts";

/** A context of whose values rows are kept. */
export type KeyOwner = { readonly tenant: string; readonly component: string; readonly place: number };

/** What stands in it, as JSON. */
export type KeyBody = { readonly content: string; readonly metadata: string };

/** The rows of declared paths: the one way in which they get into a file, and out of it. */
export type Keys = {
  /**
   * Makes the rows those of `after`, where they are those of `before`: both are derived from what is stored, so that
   * no second index is needed to find the old ones. Undefined: nothing stands there.
   * @param paths those of the component, where they are known
   */
  readonly replace: (
    owner: KeyOwner,
    before: KeyBody | undefined,
    after: KeyBody | undefined,
    paths?: readonly BodyPath[],
  ) => void;
  /** Adds those rows of some paths that are not there yet. */
  readonly add: (owner: KeyOwner, body: KeyBody, paths: readonly BodyPath[]) => void;
};

type PathRows = Map<string, { readonly path: string; readonly value: KeyValue }>;

const rowsOf = (body: KeyBody | undefined, paths: readonly BodyPath[]): PathRows => {
  const rows: PathRows = new Map();
  if (!body) return rows;
  const roots = {
    content: parseJsonText(body.content) as Json,
    metadata: parseJsonText(body.metadata) as Json,
  };
  for (const { root, steps, text: path } of paths) {
    for (const value of keyValues(valueBelow(roots[root], steps))) {
      rows.set(JSON.stringify([path, value.kind, value.number, value.text]), { path, value });
    }
  }
  return rows;
};

export const createKeys = (database: Database, keyPaths: KeyPaths): Keys => {
  const insert = database.prepare(`
    INSERT OR IGNORE INTO keys (tenant, component, path, kind, number, text, place) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const remove = database.prepare(`
    DELETE FROM keys WHERE tenant = ? AND component = ? AND path = ? AND kind = ? AND number = ? AND text = ?
      AND place = ?`);

  const run = (statement: typeof insert, { tenant, component, place }: KeyOwner, rows: PathRows): void => {
    for (const { path, value } of rows.values()) {
      statement.run(tenant, component, path, value.kind, value.number, value.text, place);
    }
  };

  const pathsOf = (component: string): readonly BodyPath[] => keyPaths.of(component).map(({ path }) => path);

  const replace: Keys["replace"] = (owner, before, after, paths = pathsOf(owner.component)) => {
    if (paths.length === 0) return;
    const old = rowsOf(before, paths);
    const rows = rowsOf(after, paths);
    for (const row of [...old.keys()]) if (rows.delete(row)) old.delete(row);
    run(remove, owner, old);
    run(insert, owner, rows);
  };

  return { replace, add: (owner, body, paths) => run(insert, owner, rowsOf(body, paths)) };
};
