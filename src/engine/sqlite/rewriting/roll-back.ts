import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Key, RolledBack } from "../../engine.ts";
import type { Rewrites } from "../changes/rewrites.ts";
import type { Transact } from "../connection/transaction.ts";
import type { KeyBody, Keys } from "../indexing/keys.ts";
import { createOldVersions, type OriginalRow } from "./old-versions.ts";

type StandingRow = KeyBody & {
  readonly version: number;
  readonly deleted: number;
  readonly schema_version: number;
};

type Outcome = "restored" | "kept" | "gone";

/** Puts originals back: those that are current, and those that were superseded since. */
export const createRollBack = (
  database: Database,
  transact: Transact,
  keys: Keys,
  log: Rewrites,
): ((key: Key, limit: number) => RolledBack) => {
  const oldVersions = createOldVersions(database);
  const selectOriginals = database.prepare<[string, string, number], OriginalRow>(`
    SELECT place, version, id, type, schema_version, content, metadata, embedded, embeddings FROM originals
    WHERE tenant = ? AND component = ? ORDER BY place, version LIMIT ?`);
  const select = database.prepare<[string, string, string], StandingRow>(
    "SELECT version, deleted, schema_version, content, metadata FROM contexts WHERE tenant = ? AND component = ? AND id = ?",
  );
  const put = (more: string) =>
    database.prepare(`
      UPDATE contexts SET type = ?, schema_version = ?, content = ?, metadata = ?${more}
      WHERE tenant = ? AND component = ? AND id = ?`);
  const putBody = put("");
  const putAll = put(", embeddings = ?");
  const remove = database.prepare(
    "DELETE FROM originals WHERE tenant = ? AND component = ? AND place = ? AND version = ?",
  );

  const putBack = ({ tenant, component }: Key, original: OriginalRow, standing: StandingRow): void => {
    const { id, place, type, schema_version, content, metadata, embedded, embeddings } = original;
    const body = [type, schema_version, content, metadata];
    if (embedded === 1) putAll.run(...body, embeddings, tenant, component, id);
    else putBody.run(...body, tenant, component, id);
    keys.replace({ tenant, component, place }, standing, original);
  };

  const rollBackOne = (key: Key, original: OriginalRow): Outcome => {
    const { tenant, component } = key;
    const standing = select.get(tenant, component, original.id);
    if (!standing) return "gone";
    if (standing.version === original.version && standing.deleted === 0) {
      putBack(key, original, standing);
      return "restored";
    }
    oldVersions.replace(key, original);
    return standing.deleted === 0 && standing.schema_version > original.schema_version ? "kept" : "gone";
  };

  return (key, limit) =>
    transact(
      () => {
        const originals = selectOriginals.all(key.tenant, key.component, limit);
        const outcomes = originals.map((original) => ({ original, outcome: rollBackOne(key, original) }));
        for (const { place, version } of originals) remove.run(key.tenant, key.component, place, version);
        const restored = outcomes.filter(({ outcome }) => outcome === "restored");
        log.append(
          key,
          restored.map(({ original }) => original.place),
        );
        const kept = outcomes.flatMap(({ original, outcome }) => (outcome === "kept" ? [original.id] : []));
        return { restored: restored.length, kept: [...new Set(kept)], originals: originals.length };
      },
      ({ originals }) => originals > 0,
    );
};
