import type { Database } from "better-sqlite3-multiple-ciphers";

export type StoreFile = {
  /** A file's path, or `:memory:`. */
  readonly path: string;
  /** 32 bytes. Left out: the file is not encrypted. */
  readonly key: Uint8Array | undefined;
};

export const pageBytes = 8192;

export const unlock = (database: Database, key: Uint8Array | undefined): void => {
  if (key === undefined) return;
  database.pragma("cipher = 'aegis'");
  database.key(Buffer.from(`raw:${Buffer.from(key).toString("hex")}`));
};
