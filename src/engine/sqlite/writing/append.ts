import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Entry } from "../../engine.ts";
import { removedSchemaVersion } from "../../versions/removed-entry.ts";
import { createChanges } from "../changes/changes.ts";
import { createKeyPaths } from "../indexing/key-paths.ts";
import { createKeys } from "../indexing/keys.ts";
import { type ContextRow, contextColumns } from "../layout/rows.ts";
import { createVersions } from "../reading/versions.ts";

/** The one way in which a version gets into a file: as the next entry of its tenant's change log. */
export type Append = {
  /** What stands of a context, a deletion too. */
  readonly standing: (tenant: string, component: string, id: string) => ContextRow | undefined;
  /** @param row what stands; the entry is the version after it */
  readonly append: (tenant: string, row: ContextRow | undefined, entry: Entry) => void;
};

export const createAppend = (database: Database): Append => {
  const versions = createVersions(database);
  const changes = createChanges(database);
  const keys = createKeys(database, createKeyPaths(database));
  const select = database.prepare<[string, string, string], ContextRow>(
    `SELECT ${contextColumns} FROM contexts WHERE tenant = ? AND component = ? AND id = ?`,
  );
  const insert = database.prepare(
    `INSERT INTO contexts (tenant, ${contextColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(`
    UPDATE contexts SET version = ?, deleted = ?, type = ?, schema_version = ?, updated_at = ?, actor = ?,
      content = ?, metadata = ?, embeddings = ?, parent = ?, expires_at = ?
    WHERE tenant = ? AND component = ? AND id = ?`);

  const append: Append["append"] = (tenant, row, entry) => {
    const { change, schemaVersion, body, parent, expiresAt } = entry;
    const { component, id, version, type, at, actor, position } = change;
    const deleted = body === undefined ? 1 : 0;
    const kept = [
      body?.content ?? "{}",
      body?.metadata ?? "{}",
      body?.embeddings ?? null,
      parent ?? null,
      expiresAt ?? null,
    ];
    if (row === undefined) {
      insert.run(
        ...[tenant, component, id, version, deleted, position, type, schemaVersion, at, at, actor],
        ...kept,
      );
    } else {
      // What stands for versions that were removed is not kept: it holds nothing.
      if (row.schema_version !== removedSchemaVersion)
        versions.keep(tenant, row, entry.removed ? at : undefined);
      update.run(version, deleted, type, schemaVersion, at, actor, ...kept, tenant, component, id);
    }
    const owner = { tenant, component, place: row?.place ?? position };
    keys.replace(owner, row?.deleted === 0 ? row : undefined, body);
    changes.append(tenant, change);
  };

  return { standing: (tenant, component, id) => select.get(tenant, component, id), append };
};
