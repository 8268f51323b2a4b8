import { rmSync } from "node:fs";
import Database from "better-sqlite3-multiple-ciphers";
import { analysisVersion } from "../../../../search/text/analyze.ts";
import { type StoreFile, unlock } from "../../connection/store-file.ts";

/** "CBSI", stamped into the file as `application_id`. */
const applicationId = 0x43425349;

/** One more with each change of what lies in the file; below it, which analysis made the terms. */
const layoutVersion = 1_000 * 3 + analysisVersion;

/**
 * The tables of a search file: derived data, which may vanish at any time. A partition is what is kept of one component
 * of one tenant, up to a place in the change log: its slots in `segments`, their vectors in chunks as the slab has them, the lengths of their texts, and where each
 * term stands, in blocks. Rows of a partition that is not in `partitions` are left over, and belong to nobody.
 */
const tables = `
  CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL, component TEXT NOT NULL, indexing TEXT NOT NULL,
    revision INTEGER NOT NULL, slots INTEGER NOT NULL, texted INTEGER NOT NULL,
    position INTEGER NOT NULL, write TEXT NOT NULL, at INTEGER NOT NULL, rewrite INTEGER NOT NULL,
    UNIQUE (tenant, component, indexing)
  ) STRICT;
  CREATE TABLE segments (
    partition INTEGER NOT NULL, first INTEGER NOT NULL, documents TEXT NOT NULL,
    PRIMARY KEY (partition, first)
  ) STRICT;
  CREATE TABLE vectors (
    partition INTEGER NOT NULL, chunk INTEGER NOT NULL, vectors BLOB NOT NULL,
    PRIMARY KEY (partition, chunk)
  ) STRICT;
  CREATE TABLE deaths (
    partition INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (partition, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lengths (
    partition INTEGER NOT NULL, first INTEGER NOT NULL, lengths BLOB NOT NULL,
    PRIMARY KEY (partition, first)
  ) STRICT;
  CREATE TABLE postings (
    partition INTEGER NOT NULL, term TEXT NOT NULL, first INTEGER NOT NULL,
    block BLOB NOT NULL, positions BLOB NOT NULL,
    PRIMARY KEY (partition, term, first)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${layoutVersion};`;

const pageBytes = 8192;
const cacheKibibytes = 32 * 1024;
/** How long this thread is held up for another process that just makes the file, and for one that writes to it. */
const waitMilliseconds = { opening: 2_000, open: 20 } as const;

const inMemory = ":memory:";

const pathOf = ({ path }: StoreFile): string => (path === inMemory ? path : `${path}-search`);

const prepare = (database: Database.Database): Database.Database => {
  const numberOf = (pragma: string): number => Number(database.pragma(pragma, { simple: true }));
  database.pragma(`page_size = ${pageBytes}`);
  database.pragma("journal_mode = WAL");
  // What a power failure takes is built again; what it leaves is whole.
  database.pragma("synchronous = NORMAL");
  database.pragma(`cache_size = -${cacheKibibytes}`);
  database.pragma("temp_store = MEMORY");
  database
    .transaction(() => {
      const objects = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
      if (objects === 0) database.exec(tables);
      if (numberOf("application_id") === applicationId && numberOf("user_version") === layoutVersion) return;
      throw new Error("This is a file of another layout.");
    })
    .immediate();
  database.pragma(`busy_timeout = ${waitMilliseconds.open}`);
  return database;
};

const open = (path: string, key: Uint8Array | undefined): Database.Database => {
  const database = new Database(path, { timeout: waitMilliseconds.opening });
  try {
    if (path !== inMemory) unlock(database, key);
    return prepare(database);
  } catch (cause) {
    database.close();
    throw cause;
  }
};

/** The file itself goes first: what is left then belongs to no file. */
export const removeSearchFile = (file: StoreFile): void => {
  if (file.path === inMemory) return;
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${pathOf(file)}${end}`, { force: true });
};

/**
 * The search file beside a store file, made where there is none. One that does not open with this key, or is of
 * another layout, or damaged, is deleted; where none can be made, what it would hold is held in memory.
 */
export const openSearchFile = (file: StoreFile): Database.Database => {
  for (const again of [true, false]) {
    try {
      return open(pathOf(file), file.key);
    } catch {
      try {
        if (again) removeSearchFile(file);
      } catch {
        break;
      }
    }
  }
  return open(inMemory, undefined);
};
