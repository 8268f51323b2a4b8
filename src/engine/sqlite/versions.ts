import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../base/errors.ts";
import type { ContextKey, Entry, StoredContext } from "../engine.ts";
import {
  compressBody,
  decompressBody,
  dictionaryOf,
  encodings,
  joinBody,
  splitBody,
  type VersionBody,
} from "../version-body.ts";
import { resultCode } from "./faults.ts";
import type { ContextRow } from "./rows.ts";

type VersionRow = {
  readonly version: number;
  readonly deleted: number;
  readonly type: string;
  readonly schema_version: number;
  readonly updated_at: number;
  readonly created_at: number;
  readonly parent: number | null;
  readonly expires_at: number | null;
  readonly dictionary: number | null;
  readonly encoding: number;
  readonly body: Buffer | null;
};

type BodyRow = Pick<VersionRow, "dictionary" | "encoding" | "body">;
type IdParameters = [tenant: string, component: string, id: string];
type BodyParameters = [...IdParameters, version: number];

const inKey = "v.tenant = ? AND v.component = ? AND v.id = ?";
const select = `
  SELECT v.version, v.deleted, v.type, v.schema_version, v.updated_at, c.created_at,
    v.parent, v.expires_at, v.dictionary, v.encoding, v.body
  FROM versions v JOIN contexts c USING (tenant, component, id)`;

/** The superseded versions of one file: keeping one, and reading it again. */
export type Versions = {
  readonly keep: (tenant: string, row: ContextRow) => void;
  readonly at: (key: ContextKey, version: number) => StoredContext | undefined;
  /** A version as an entry of the change log has it; undefined where it is not kept. */
  readonly written: (key: ContextKey, version: number) => Omit<Entry, "change"> | undefined;
  readonly asOf: (key: ContextKey, at: number) => StoredContext | undefined;
};

export const createVersions = (database: Database): Versions => {
  const insert = database.prepare(`
    INSERT INTO versions (tenant, component, id, version, deleted, type, schema_version, updated_at, actor,
      parent, expires_at, dictionary, encoding, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const selectVersion = database.prepare<BodyParameters, VersionRow>(
    `${select} WHERE ${inKey} AND v.version = ?`,
  );
  const selectAsOf = database.prepare<BodyParameters, VersionRow>(
    `${select} WHERE ${inKey} AND v.updated_at <= ? ORDER BY v.version DESC LIMIT 1`,
  );
  const selectBody = database.prepare<BodyParameters, BodyRow>(
    `SELECT dictionary, encoding, body FROM versions v WHERE ${inKey} AND v.version = ?`,
  );

  /** The body of a version that stands by itself; undefined where there is none, as of a deletion. */
  const readDictionary = (key: IdParameters, version: number): Buffer | undefined => {
    const row = selectBody.get(...key, version);
    if (!row?.body || row.dictionary !== null) return undefined;
    return decompressBody({ encoding: row.encoding, body: row.body }, undefined);
  };

  const keep = (tenant: string, row: ContextRow): void => {
    const key: IdParameters = [tenant, row.component, row.id];
    const head = [...key, row.version, row.deleted, row.type, row.schema_version, row.updated_at, row.actor];
    const more = [row.parent, row.expires_at];
    if (row.deleted === 1) {
      insert.run(...head, ...more, null, encodings.plain, null);
      return;
    }
    const nearest = dictionaryOf(row.version);
    const dictionary = nearest === undefined ? undefined : readDictionary(key, nearest);
    const { encoding, body } = compressBody(joinBody(bodyOf(row)), dictionary);
    const needed = encoding === encodings.plain || dictionary === undefined ? null : nearest;
    insert.run(...head, ...more, needed, encoding, body);
  };

  const decodeBody = ({ component, id, tenant }: ContextKey, row: VersionRow): VersionBody | undefined => {
    const { dictionary: nearest, encoding, body } = row;
    if (body === null) return undefined;
    try {
      const dictionary = nearest === null ? undefined : readDictionary([tenant, component, id], nearest);
      if (nearest !== null && dictionary === undefined) throw new Error(`version ${nearest} is missing`);
      return splitBody(decompressBody({ encoding, body }, dictionary));
    } catch (cause) {
      if (resultCode(cause) !== undefined) throw cause;
      const message = `Version ${row.version} of ${component} ${JSON.stringify(id)} is damaged. Restore it from a backup.`;
      const details = { id, version: row.version };
      throw new ContextbaseError("storage_corrupt", message, { component, details, cause });
    }
  };

  const decode = (key: ContextKey, row: VersionRow | undefined): StoredContext | undefined => {
    const body = row && decodeBody(key, row);
    if (!body) return undefined;
    return {
      component: key.component,
      id: key.id,
      type: row.type,
      schemaVersion: row.schema_version,
      version: row.version,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      expiresAt: row.expires_at ?? undefined,
      ...body,
    };
  };

  const find = ({ tenant, component, id }: ContextKey, version: number): VersionRow | undefined =>
    selectVersion.get(tenant, component, id, version);

  return {
    keep,
    at: (key, version) => decode(key, find(key, version)),
    written: (key, version) => {
      const row = find(key, version);
      return (
        row && {
          schemaVersion: row.schema_version,
          parent: row.parent ?? undefined,
          expiresAt: row.expires_at ?? undefined,
          body: decodeBody(key, row),
        }
      );
    },
    asOf: (key, at) => decode(key, selectAsOf.get(key.tenant, key.component, key.id, at)),
  };
};

const bodyOf = (row: ContextRow): Parameters<typeof joinBody>[0] => ({
  content: row.content,
  metadata: row.metadata,
  embeddings: row.embeddings ?? undefined,
});
