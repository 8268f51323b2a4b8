import type { Database } from "better-sqlite3-multiple-ciphers";
import { decompressBody, dictionaryOf } from "../../versions/version-body.ts";

export type IdParameters = [tenant: string, component: string, id: string];

export type BodyRow = {
  readonly dictionary: number | null;
  readonly encoding: number;
  readonly body: Buffer | null;
};

export type Dictionary = { readonly version: number; readonly body: Buffer };

/** The bodies of one file that others are compressed against. */
export type Dictionaries = {
  /** The row of a version. */
  readonly row: (key: IdParameters, version: number) => BodyRow | undefined;
  /** The body of a version that stands by itself; undefined where there is none, as of a deletion. */
  readonly read: (key: IdParameters, version: number) => Buffer | undefined;
  /** What is to serve a new version: where the first of its block was removed, another that stands by itself. */
  readonly find: (key: IdParameters, version: number) => Dictionary | undefined;
};

const inKey = "tenant = ? AND component = ? AND id = ?";

export const createDictionaries = (database: Database): Dictionaries => {
  const selectBody = database.prepare<[...IdParameters, version: number], BodyRow>(
    `SELECT dictionary, encoding, body FROM versions WHERE ${inKey} AND version = ?`,
  );
  const selectAlone = database
    .prepare<[...IdParameters, first: number, before: number], number>(`
      SELECT version FROM versions
      WHERE ${inKey} AND version > ? AND version < ? AND dictionary IS NULL AND deleted = 0
      ORDER BY version DESC LIMIT 1`)
    .pluck();

  const row: Dictionaries["row"] = (key, version) => selectBody.get(...key, version);

  const read: Dictionaries["read"] = (key, version) => {
    const found = row(key, version);
    if (!found?.body || found.dictionary !== null) return undefined;
    return decompressBody({ encoding: found.encoding, body: found.body }, undefined);
  };

  return {
    row,
    read,
    find: (key, version) => {
      const first = dictionaryOf(version);
      if (first === undefined) return undefined;
      const body = read(key, first);
      if (body) return { version: first, body };
      const other = selectAlone.get(...key, first, version);
      const otherBody = other === undefined ? undefined : read(key, other);
      return other === undefined || !otherBody ? undefined : { version: other, body: otherBody };
    },
  };
};
