import type { Operation } from "../../../model/context-store.ts";
import type { Change, StoredContext } from "../../engine.ts";

/** A row of `contexts`, without its tenant. */
export type ContextRow = {
  readonly component: string;
  readonly id: string;
  readonly version: number;
  readonly deleted: number;
  readonly place: number;
  readonly type: string;
  readonly schema_version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly actor: string;
  readonly content: string;
  readonly metadata: string;
  readonly embeddings: Buffer | null;
  readonly parent: number | null;
  readonly expires_at: number | null;
};

export const contextColumns =
  "component, id, version, deleted, place, type, schema_version, created_at, updated_at, actor, content, metadata, embeddings, parent, expires_at";

/** What of it a stored context needs. */
export type StoredRow = Omit<ContextRow, "place" | "actor" | "parent">;

export const storedColumns =
  "component, id, version, deleted, type, schema_version, created_at, updated_at, content, metadata, embeddings, expires_at";

/** A deletion reads as absent. */
export const toStored = (row: StoredRow | undefined): StoredContext | undefined => {
  if (row === undefined || row.deleted === 1) return undefined;
  return {
    component: row.component,
    id: row.id,
    type: row.type,
    schemaVersion: row.schema_version,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    content: row.content,
    metadata: row.metadata,
    embeddings: row.embeddings ?? undefined,
    expiresAt: row.expires_at ?? undefined,
  };
};

export type ChangeRow = Omit<Change, "operation"> & { readonly operation: Operation };

export const changeColumns = "position, operation, component, id, type, version, at, actor, write";
