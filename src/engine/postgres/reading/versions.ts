import { ContextbaseError } from "../../../base/errors.ts";
import type { ContextKey, StoredContext } from "../../engine.ts";
import { decompressBody, joinBody, splitBody, type VersionBody } from "../../versions/version-body.ts";
import { versionRemoved } from "../../versions/version-removed.ts";
import { asHex, bytesOf, numberOf, optionalNumberOf, textOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, statement } from "../connection/trip.ts";

/** Reads of one version, current or superseded. */
export type Versions = {
  /** @throws ContextbaseError version_removed */
  readonly at: (key: ContextKey, version: number) => Promise<StoredContext | undefined>;
};

const inKey = (table: string): string =>
  `${table}.tenant = $1 AND ${table}.component = $2 AND ${table}.id = $3`;

/** What `readBody` reads of a row that may be packed, joined by `bodyJoin` with the one that serves as its dictionary. */
export const bodyColumns = (table: string): string =>
  [
    `${table}.content, ${table}.metadata, ${asHex(`${table}.embeddings`)}`,
    `${table}.encoding, ${asHex(`${table}.body`)}, d.encoding, ${asHex("d.body")}`,
    `d.content, d.metadata, ${asHex("d.embeddings")}`,
  ].join(", ");

export const bodyJoin = (schema: string, table: string): string =>
  `LEFT JOIN LATERAL (
    SELECT encoding, body, content, metadata, embeddings FROM ${schema}.versions
    WHERE tenant = $1 AND component = ${table}.component AND id = ${table}.id AND version = ${table}.dictionary
    OFFSET 0
  ) d ON true`;

/** The newest version that fits, of either table. */
const versionOf = (schema: string, fits: (table: string) => string): string => `
  SELECT c.version, c.type, c.schema_version, c.created_at, c.updated_at, c.deleted, c.expires_at, c.content, c.metadata,
    ${asHex("c.embeddings")}, NULL::smallint, NULL::text, NULL::smallint, NULL::text,
    NULL::text, NULL::text, NULL::text
  FROM ${schema}.contexts c WHERE ${inKey("c")} AND ${fits("c")}
  UNION ALL
  (SELECT v.version, v.type, v.schema_version, c.created_at, v.updated_at, v.deleted, v.expires_at, ${bodyColumns("v")}
  FROM ${schema}.versions v JOIN ${schema}.contexts c ON ${inKey("c")} ${bodyJoin(schema, "v")}
  WHERE ${inKey("v")} AND ${fits("v")} ORDER BY v.version DESC LIMIT 1)
  ORDER BY version DESC LIMIT 1`;

type Id = Pick<ContextKey, "component" | "id">;

const damaged = ({ component, id }: Id, version: number, cause: unknown): ContextbaseError => {
  const message = `Version ${version} of ${component} ${JSON.stringify(id)} is damaged. Restore it from a backup.`;
  return new ContextbaseError("storage_corrupt", message, { component, details: { id, version }, cause });
};

/** The body that serves as dictionary: packed by itself, or whole as yet. */
const readDictionary = (row: Row): Buffer | undefined => {
  const packed = bytesOf(row, 6);
  if (packed) return decompressBody({ encoding: numberOf(row, 5), body: packed }, undefined);
  if (row[7] == null) return undefined;
  return joinBody({ content: textOf(row, 7), metadata: textOf(row, 8), embeddings: bytesOf(row, 9) });
};

/** @param row of `bodyColumns` */
export const readBody = (key: Id, version: number, row: Row): VersionBody => {
  const body = bytesOf(row, 4);
  if (!body) return { content: textOf(row, 0), metadata: textOf(row, 1), embeddings: bytesOf(row, 2) };
  try {
    const dictionary = readDictionary(row);
    return splitBody(decompressBody({ encoding: numberOf(row, 3), body }, dictionary));
  } catch (cause) {
    throw damaged(key, version, cause);
  }
};

const headColumns = 7;

const toVersion = (key: ContextKey, row: Row | undefined): StoredContext | undefined => {
  if (!row || row[5] === "t") return undefined;
  return {
    component: key.component,
    id: key.id,
    type: textOf(row, 1),
    schemaVersion: numberOf(row, 2),
    version: numberOf(row, 0),
    createdAt: numberOf(row, 3),
    updatedAt: numberOf(row, 4),
    expiresAt: optionalNumberOf(row, 6),
    ...readBody(key, numberOf(row, 0), row.slice(headColumns)),
  };
};

/** @param schema quoted */
export const createVersions = (schema: string, { read }: Run): Versions => {
  const selectVersion = statement(versionOf(schema, (table) => `${table}.version = $4`));
  const selectCurrent = statement(`SELECT version FROM ${schema}.contexts c WHERE ${inKey("c")}`);

  const currentVersion = async ({ tenant, component, id }: ContextKey): Promise<number> => {
    const [[row] = []] = await read(tenant, [{ statement: selectCurrent, values: [tenant, component, id] }]);
    return row ? numberOf(row, 0) : 0;
  };

  return {
    at: async (key, version) => {
      const values = [key.tenant, key.component, key.id, String(version)];
      const [[row] = []] = await read(key.tenant, [{ statement: selectVersion, values }]);
      if (!row && (await currentVersion(key)) > version) throw versionRemoved(key, version);
      return toVersion(key, row);
    },
  };
};
