import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import { isStanding, removedVersion } from "../../as-of/standing.ts";
import type { ContextKey, Entry, StoredContext } from "../../engine.ts";
import {
  compressBody,
  decompressBody,
  encodings,
  joinBody,
  splitBody,
  type VersionBody,
} from "../../versions/version-body.ts";
import { versionRemoved } from "../../versions/version-removed.ts";
import { resultCode } from "../connection/faults.ts";
import type { ContextRow } from "../layout/rows.ts";
import { type BodyRow, createDictionaries, type IdParameters } from "./dictionaries.ts";

type VersionRow = {
  readonly version: number;
  readonly deleted: number;
  readonly type: string;
  readonly schema_version: number;
  readonly updated_at: number;
  readonly created_at: number;
  readonly parent: number | null;
  readonly expires_at: number | null;
  readonly superseded_at: number | null;
  readonly dictionary: number | null;
  readonly encoding: number;
  readonly body: Buffer | null;
};

type BodyParameters = [...IdParameters, version: number];

const inKey = "v.tenant = ? AND v.component = ? AND v.id = ?";
const select = `
  SELECT v.version, v.deleted, v.type, v.schema_version, v.updated_at, c.created_at,
    v.parent, v.expires_at, v.superseded_at, v.dictionary, v.encoding, v.body
  FROM versions v JOIN contexts c USING (tenant, component, id)`;

/** The superseded versions of one file: keeping one, and reading it again. */
export type Versions = {
  /** @param supersededAt when the next version took its place; left out: that one tells it */
  readonly keep: (tenant: string, row: ContextRow, supersededAt?: number) => void;
  /**
   * A version of a context that has been written since.
   * @throws ContextbaseError version_removed
   */
  readonly at: (key: ContextKey, version: number) => StoredContext | undefined;
  /** What was compressed, of a version that has it. */
  readonly body: (key: ContextKey, version: number) => Buffer;
  /** A version as an entry of the change log has it; undefined where it is not kept. */
  readonly written: (key: ContextKey, version: number) => Omit<Entry, "change"> | undefined;
  /**
   * The version that stood at a time, of a context that was there and has been written since.
   * @throws ContextbaseError version_removed
   */
  readonly asOf: (
    key: ContextKey,
    at: number,
    bodies?: "with body" | "without body",
  ) => StoredContext | undefined;
};

export const createVersions = (database: Database): Versions => {
  const insert = database.prepare(`
    INSERT INTO versions (tenant, component, id, version, deleted, type, schema_version, updated_at, actor,
      parent, expires_at, superseded_at, dictionary, encoding, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const selectVersion = database.prepare<BodyParameters, VersionRow>(
    `${select} WHERE ${inKey} AND v.version = ?`,
  );
  const selectAsOf = database.prepare<BodyParameters, VersionRow>(
    `${select} WHERE ${inKey} AND v.updated_at <= ? ORDER BY v.version DESC LIMIT 1`,
  );
  const dictionaries = createDictionaries(database);

  const keep: Versions["keep"] = (tenant, row, supersededAt) => {
    const key: IdParameters = [tenant, row.component, row.id];
    const head = [...key, row.version, row.deleted, row.type, row.schema_version, row.updated_at, row.actor];
    const more = [row.parent, row.expires_at, supersededAt ?? null];
    if (row.deleted === 1) {
      insert.run(...head, ...more, null, encodings.plain, null);
      return;
    }
    const dictionary = dictionaries.find(key, row.version);
    const { encoding, body } = compressBody(joinBody(bodyOf(row)), dictionary?.body);
    const needed = encoding === encodings.plain ? null : (dictionary?.version ?? null);
    insert.run(...head, ...more, needed, encoding, body);
  };

  const unpack = <Body>(
    { component, id, tenant }: ContextKey,
    { version, dictionary: nearest, encoding, body }: BodyRow & { readonly version: number },
    take: (body: Buffer) => Body,
  ): Body | undefined => {
    if (body === null) return undefined;
    try {
      const dictionary = nearest === null ? undefined : dictionaries.read([tenant, component, id], nearest);
      if (nearest !== null && dictionary === undefined) throw new Error(`version ${nearest} is missing`);
      return take(decompressBody({ encoding, body }, dictionary));
    } catch (cause) {
      if (resultCode(cause) !== undefined) throw cause;
      const message = `Version ${version} of ${component} ${JSON.stringify(id)} is damaged. Restore it from a backup.`;
      const details = { id, version };
      throw new ContextbaseError("storage_corrupt", message, { component, details, cause });
    }
  };

  const decodeBody = (key: ContextKey, row: VersionRow): VersionBody | undefined =>
    unpack(key, row, splitBody);

  const decode = (
    key: ContextKey,
    row: VersionRow | undefined,
    bodyOf = decodeBody,
  ): StoredContext | undefined => {
    const body = row && row.deleted === 0 ? bodyOf(key, row) : undefined;
    if (!row || !body) return undefined;
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
    at: (key, version) => {
      const row = find(key, version);
      if (!row) throw versionRemoved(key, version);
      return decode(key, row);
    },
    body: (key, version) => {
      const row = dictionaries.row([key.tenant, key.component, key.id], version);
      const body = row && unpack(key, { version, ...row }, (whole) => whole);
      if (body) return body;
      throw versionRemoved(key, version);
    },
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
    asOf: (key, at, bodies = "with body") => {
      const row = selectAsOf.get(key.tenant, key.component, key.id, at);
      if (!row || (row.superseded_at !== null && row.superseded_at <= at)) throw removedVersion(key, at);
      if (!isStanding(row.expires_at, at)) return undefined;
      return decode(key, row, bodies === "with body" ? decodeBody : () => noBody);
    },
  };
};

const noBody: VersionBody = { content: "", metadata: "", embeddings: undefined };

const bodyOf = (row: ContextRow): Parameters<typeof joinBody>[0] => ({
  content: row.content,
  metadata: row.metadata,
  embeddings: row.embeddings ?? undefined,
});
