import type { Database } from "better-sqlite3-multiple-ciphers";
import type { ContextKey, Key } from "../../engine.ts";
import {
  type CompressedBody,
  compressBody,
  decompressBody,
  joinBody,
  splitBody,
} from "../../versions/version-body.ts";
import type { KeyBody } from "../indexing/keys.ts";

/** What a rewriting replaced. */
export type OriginalRow = KeyBody & {
  readonly place: number;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly embedded: number;
  readonly embeddings: Buffer | null;
};

type BodyRow = CompressedBody & { readonly version: number; readonly dictionary: number | null };

/** Gives superseded versions another body. */
export type OldVersions = {
  /** One that is not kept any more is left alone. */
  readonly replace: (key: Key, original: OriginalRow) => void;
};

export const createOldVersions = (database: Database): OldVersions => {
  const inKey = "tenant = ? AND component = ? AND id = ?";
  const columns = "version, dictionary, encoding, body";
  const select = database.prepare<[string, string, string, number], BodyRow>(
    `SELECT ${columns} FROM versions WHERE ${inKey} AND version = ? AND body IS NOT NULL`,
  );
  const selectDependent = database.prepare<[string, string, string, number], BodyRow>(
    `SELECT ${columns} FROM versions WHERE ${inKey} AND dictionary = ?`,
  );
  const updateBody = database.prepare(
    `UPDATE versions SET dictionary = NULL, encoding = ?, body = ? WHERE ${inKey} AND version = ?`,
  );
  const updateHead = database.prepare(
    `UPDATE versions SET type = ?, schema_version = ? WHERE ${inKey} AND version = ?`,
  );

  const read = ({ tenant, component, id }: ContextKey, row: BodyRow): Buffer => {
    const nearest = row.dictionary === null ? undefined : select.get(tenant, component, id, row.dictionary);
    return decompressBody(row, nearest && decompressBody(nearest, undefined));
  };

  /** So that it needs no other version to be read. */
  const write = ({ tenant, component, id }: ContextKey, version: number, body: Buffer): void => {
    const compressed = compressBody(body, undefined);
    updateBody.run(compressed.encoding, compressed.body, tenant, component, id, version);
  };

  return {
    replace: (key, { id, version, type, schema_version, content, metadata, embedded, embeddings }) => {
      const own = { ...key, id };
      const row = select.get(key.tenant, key.component, id, version);
      if (!row) return;
      const body = splitBody(read(own, row));
      for (const dependent of selectDependent.all(key.tenant, key.component, id, version))
        write(own, dependent.version, read(own, dependent));
      const kept = embedded === 1 ? (embeddings ?? undefined) : body.embeddings;
      write(own, version, joinBody({ content, metadata, embeddings: kept }));
      updateHead.run(type, schema_version, key.tenant, key.component, id, version);
    },
  };
};
