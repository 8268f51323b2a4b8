import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import type { BodyPath } from "../../../model/path.ts";
import type { Key, OutdatedQuery, Rewrite, RolledBack, Standing } from "../../engine.ts";
import { createRewrites } from "../changes/rewrites.ts";
import { createTransact } from "../connection/transaction.ts";
import { createKeyPaths } from "../indexing/key-paths.ts";
import { createKeys } from "../indexing/keys.ts";
import { type ContextRow, contextColumns, toStored } from "../layout/rows.ts";
import { createRollBack } from "./roll-back.ts";

/** The rewriting of one file. */
export type Rewriter = {
  readonly outdated: (query: OutdatedQuery) => Standing[];
  readonly rewrite: (key: Key, rewrites: readonly Rewrite[]) => number;
  readonly countOriginals: (key: Key) => number;
  readonly rollBack: (key: Key, limit: number) => RolledBack;
  readonly forgetOriginals: (key: Key, limit: number) => number;
};

const inPlace = "tenant = ? AND component = ? AND place = ? AND deleted = 0";
const asRead = `${inPlace} AND version = ? AND schema_version = ?`;
const byPlace = "contexts INDEXED BY contexts_by_place";

/** Pages end where they hold much. */
const takeSome = (rows: Iterable<ContextRow>): Standing[] => {
  const found: Standing[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (bytes > limits.upgradedBytes) break;
    const stored = toStored(row);
    if (stored) found.push({ ...stored, place: row.place });
    bytes += row.content.length + row.metadata.length + (row.embeddings?.length ?? 0);
  }
  return found;
};

export const createRewriter = (database: Database, path: string): Rewriter => {
  const transact = createTransact(database, path);
  const keyPaths = createKeyPaths(database);
  const keys = createKeys(database, keyPaths);
  const log = createRewrites(database);
  const selectOutdated = database.prepare<[string, string, number, number, number, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts INDEXED BY contexts_by_schema
     WHERE tenant = ? AND component = ? AND (schema_version, place) > (?, ?) AND schema_version < ? AND deleted = 0
     ORDER BY schema_version, place LIMIT ?`,
  );
  const keep = database.prepare(`
    INSERT INTO originals (tenant, component, place, version, id, type, schema_version, content, metadata, embedded,
      embeddings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET embedded = 1, embeddings = excluded.embeddings
      WHERE originals.embedded = 0 AND excluded.embedded = 1`);
  const update = (more: string) =>
    database.prepare(`
      UPDATE ${byPlace} SET type = ?, schema_version = ?, content = ?, metadata = ?${more} WHERE ${asRead}`);
  const updateBody = update("");
  const updateAll = update(", embeddings = ?");
  const countOriginals = database
    .prepare<[string, string], number>("SELECT count(*) FROM originals WHERE tenant = ? AND component = ?")
    .pluck();
  const forget = database.prepare(`
    DELETE FROM originals WHERE (tenant, component, place, version) IN (
      SELECT tenant, component, place, version FROM originals WHERE tenant = ? AND component = ? LIMIT ?)`);

  /** @returns whether it was as it was read still */
  const rewriteOne = ({ tenant, component }: Key, one: Rewrite, paths: readonly BodyPath[]): boolean => {
    const { id, place, version, from, type, schemaVersion, content, metadata, embeddings, original } = one;
    const read = [tenant, component, place, version, from];
    const body = [type, schemaVersion, content, metadata];
    const isKept = embeddings === undefined;
    const { changes } = isKept
      ? updateBody.run(...body, ...read)
      : updateAll.run(...body, embeddings, ...read);
    if (changes === 0) return false;
    keep.run(
      ...[tenant, component, place, version, id, original.type, from, original.content, original.metadata],
      ...(isKept ? [0, null] : [1, original.embeddings ?? null]),
    );
    keys.replace({ tenant, component, place }, original, { content, metadata }, paths);
    return true;
  };

  return {
    outdated: ({ tenant, component, schemaVersion, limit, after }) =>
      takeSome(
        selectOutdated.iterate(
          ...([
            tenant,
            component,
            after?.schemaVersion ?? 0,
            after?.place ?? 0,
            schemaVersion,
            limit,
          ] as const),
        ),
      ),
    rewrite: (key, rewrites) =>
      transact(
        () => {
          const paths = keyPaths.of(key.component).map(({ path }) => path);
          const places = rewrites.filter((one) => rewriteOne(key, one, paths)).map(({ place }) => place);
          log.append(key, places);
          return places.length;
        },
        (rewritten) => rewritten > 0,
      ),
    countOriginals: ({ tenant, component }) => countOriginals.get(tenant, component) ?? 0,
    rollBack: createRollBack(database, transact, keys, log),
    forgetOriginals: (key, limit) =>
      transact(
        () => {
          const { changes } = forget.run(key.tenant, key.component, limit);
          if (changes < limit) log.compact(key);
          return changes;
        },
        () => true,
      ),
  };
};
