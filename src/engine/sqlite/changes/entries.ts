import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Change, Entry } from "../../engine.ts";
import { sizeOfEntry } from "../../size.ts";
import { removedEntry, removedSchemaVersion } from "../../versions/removed-entry.ts";
import { type ContextRow, contextColumns, toStored } from "../layout/rows.ts";
import type { Versions } from "../reading/versions.ts";
import type { Changes } from "./changes.ts";

/** Reads entries of a tenant's change log, each with what it wrote. */
export type Entries = (tenant: string, after: number, limit: number) => Entry[];

export const createEntries = (database: Database, changes: Changes, versions: Versions): Entries => {
  // With the version in the condition, what stands now is not read for each of its predecessors.
  const selectCurrent = database.prepare<[string, string, string, number], ContextRow>(
    `SELECT ${contextColumns} FROM contexts WHERE tenant = ? AND component = ? AND id = ? AND version = ?`,
  );

  const selectVersion = database
    .prepare<[string, string, string], number>(
      "SELECT version FROM contexts WHERE tenant = ? AND component = ? AND id = ?",
    )
    .pluck();

  const toEntry = (tenant: string, change: Change): Entry => {
    const { component, id, version } = change;
    const row = selectCurrent.get(tenant, component, id, version);
    if (row?.schema_version === removedSchemaVersion) return removedEntry(change);
    const written = row
      ? {
          schemaVersion: row.schema_version,
          parent: row.parent ?? undefined,
          expiresAt: row.expires_at ?? undefined,
          body: toStored(row),
        }
      : versions.written({ tenant, component, id }, version);
    if (written) return { change, ...written, body: toBody(written.body) };
    if ((selectVersion.get(tenant, component, id) ?? 0) > version) return removedEntry(change);
    const message = `Version ${version} of ${component} ${JSON.stringify(id)} is missing. Restore it from a backup.`;
    throw new ContextbaseError("storage_corrupt", message, { component, details: { id, version } });
  };

  // One transaction, so that a version is found although it is superseded meanwhile.
  return database.transaction((tenant: string, after: number, limit: number): Entry[] => {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const change of changes.after(tenant, after, limit)) {
      if (bytes > limits.pageBytes) break;
      const entry = toEntry(tenant, change);
      entries.push(entry);
      bytes += sizeOfEntry(entry);
    }
    return entries;
  });
};

/** With a copy of the embedding: the memory of which it is a part would go to another thread as a whole. */
const toBody = (body: Entry["body"]): Entry["body"] =>
  body && {
    content: body.content,
    metadata: body.metadata,
    embeddings: body.embeddings && new Uint8Array(body.embeddings),
  };
