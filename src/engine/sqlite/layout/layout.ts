import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";

/** "CBSE", stamped into the file as `application_id`. */
const applicationId = 0x43425345;

/** The component that was opened last has the highest sequence, whatever its schema version. */
const components = `
  CREATE TABLE components (
    sequence INTEGER PRIMARY KEY, component TEXT NOT NULL, schema_version INTEGER NOT NULL,
    description TEXT NOT NULL,
    UNIQUE (component, schema_version)
  ) STRICT;
`;

/**
 * Declared paths with how far their rows are (see indexing/key-paths.ts), and the rows themselves (see key-values.ts).
 * They are no table of their own beside an index: the key is all there is to a row.
 */
const keys = `
  CREATE TABLE key_paths (
    component TEXT NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL,
    tenant TEXT NOT NULL, id TEXT NOT NULL, declared_at INTEGER NOT NULL,
    PRIMARY KEY (component, path)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE keys (
    tenant TEXT NOT NULL, component TEXT NOT NULL, path TEXT NOT NULL,
    kind INTEGER NOT NULL, number REAL NOT NULL, text TEXT NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (tenant, component, path, kind, number, text, place)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * What versions were made from beside the one before them, when contexts expire, and what an upgrade of stored content
 * replaced. The columns stand last, as in tables that they were added to; where they are null they cost nothing to
 * read past. `superseded_at` is set by who removes the version after this one. What is deleted has its places, too: it
 * stood before. Of originals the embedding is kept where it was replaced, too (`embedded`); `rewrites` is the log of
 * what was replaced (see changes/rewrites.ts).
 */
const versionControl = `
  ALTER TABLE contexts ADD COLUMN parent INTEGER;
  ALTER TABLE contexts ADD COLUMN expires_at INTEGER;
  ALTER TABLE versions ADD COLUMN parent INTEGER;
  ALTER TABLE versions ADD COLUMN expires_at INTEGER;
  ALTER TABLE versions ADD COLUMN superseded_at INTEGER;
  CREATE INDEX contexts_by_schema ON contexts (tenant, component, schema_version, place) WHERE deleted = 0;
  CREATE INDEX contexts_expiring ON contexts (tenant, component, expires_at)
    WHERE expires_at IS NOT NULL AND deleted = 0;
  CREATE INDEX contexts_deleted ON contexts (tenant, component, place) WHERE deleted = 1;
  CREATE TABLE originals (
    tenant TEXT NOT NULL, component TEXT NOT NULL, place INTEGER NOT NULL, version INTEGER NOT NULL,
    id TEXT NOT NULL, type TEXT NOT NULL, schema_version INTEGER NOT NULL,
    content TEXT NOT NULL, metadata TEXT NOT NULL, embedded INTEGER NOT NULL, embeddings BLOB,
    PRIMARY KEY (tenant, component, place, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rewrites (
    sequence INTEGER PRIMARY KEY, tenant TEXT NOT NULL, component TEXT NOT NULL, places TEXT
  ) STRICT;
  CREATE INDEX rewrites_by_component ON rewrites (tenant, component, sequence);
`;

/**
 * The tables of the first layout. The tenant begins every key. JSON is text; the embedding stands last, so that reading
 * a row's head does not walk over it. `place` is the change position at which an id was first written: lists go by
 * it. A version lands in `versions` only once another supersedes it.
 */
const firstTables = `
  CREATE TABLE contexts (
    tenant TEXT NOT NULL, component TEXT NOT NULL, id TEXT NOT NULL,
    version INTEGER NOT NULL, deleted INTEGER NOT NULL, place INTEGER NOT NULL,
    type TEXT NOT NULL, schema_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, actor TEXT NOT NULL,
    content TEXT NOT NULL, metadata TEXT NOT NULL, embeddings BLOB,
    PRIMARY KEY (tenant, component, id)
  ) STRICT;
  CREATE INDEX contexts_by_place ON contexts (tenant, component, place) WHERE deleted = 0;
  CREATE INDEX contexts_by_type ON contexts (tenant, component, type, place) WHERE deleted = 0;

  CREATE TABLE versions (
    tenant TEXT NOT NULL, component TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    deleted INTEGER NOT NULL, type TEXT NOT NULL, schema_version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, actor TEXT NOT NULL,
    dictionary INTEGER, encoding INTEGER NOT NULL, body BLOB,
    PRIMARY KEY (tenant, component, id, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE changes (
    tenant TEXT NOT NULL, position INTEGER NOT NULL, operation TEXT NOT NULL,
    component TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,
    at INTEGER NOT NULL, actor TEXT NOT NULL, write TEXT NOT NULL,
    PRIMARY KEY (tenant, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE writes (
    sequence INTEGER PRIMARY KEY, tenant TEXT NOT NULL, write TEXT NOT NULL,
    position INTEGER NOT NULL, count INTEGER NOT NULL,
    UNIQUE (tenant, write)
  ) STRICT;

  CREATE TABLE tenants (tenant TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** A step that takes the tables from one store layout to the next. Its place in the list is the layout it makes. */
type Migration = { readonly name: string; readonly statements: string };

/** Named and ordered. One that was released is never changed; a change of the tables is a migration after it. */
const migrations: readonly Migration[] = [
  { name: "tables", statements: firstTables },
  { name: "components", statements: components },
  { name: "values at declared paths", statements: keys },
  { name: "version control", statements: versionControl },
];

/** The store layout that this code works with, stamped into the file as `user_version`. */
export const layoutVersion = migrations.length;

const numberOf = (database: Database, pragma: string): number =>
  Number(database.pragma(pragma, { simple: true }));

/** What there is of the tables: nothing, those of an earlier layout, or all as they are to be. */
export type Standing = "empty" | "older" | "current";

/** @throws ContextbaseError newer_layout, not_a_store; an error of SQLite where the key is wrong */
export const checkLayout = (database: Database, path: string): Standing => {
  const version = numberOf(database, "user_version");
  const application = numberOf(database, "application_id");
  if (application === applicationId && version === layoutVersion) return "current";
  if (application === applicationId && version > layoutVersion) {
    throw new ContextbaseError(
      "newer_layout",
      `${path} has store layout ${version}; this Contextbase knows layouts up to ${layoutVersion}. Update it.`,
      { details: { path, layout: version } },
    );
  }
  if (application === applicationId && version > 0) return "older";
  const objects = database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get();
  if (application === 0 && version === 0 && objects === 0) return "empty";
  const message = `${path} is a SQLite database, but no Contextbase store. Name another file.`;
  throw new ContextbaseError("not_a_store", message, { details: { path } });
};

export type LayoutPlan = {
  /** The layout that the file has; 0 where there is nothing in it. */
  readonly current: number;
  readonly target: number;
  /** The names of the migrations that are to be run. */
  readonly pending: readonly string[];
  /** Their SQL, each a transaction of its own. */
  readonly transactions: readonly string[];
};

/** What takes a file to the newest layout. @throws as `checkLayout` */
export const planLayout = (database: Database, path: string): LayoutPlan => {
  checkLayout(database, path);
  const current = numberOf(database, "user_version");
  const pending = migrations.slice(current);
  return {
    current,
    target: layoutVersion,
    pending: pending.map(({ name }) => name),
    transactions: pending.map(
      ({ statements }, index) => `${statements}  PRAGMA user_version = ${current + index + 1};`,
    ),
  };
};

/**
 * Makes the tables where there are none, at once; older ones are taken to the newest layout one after another, each in a
 * transaction that stamps it, so that who is killed in between leaves a store of an older layout. Another process may do
 * the same at this moment.
 */
export const updateLayout = (database: Database, path: string): void => {
  const standing = checkLayout(database, path);
  if (standing === "current") return;
  // What a recovery found goes to the disk before anything builds on it.
  if (standing === "older") database.pragma("wal_checkpoint(TRUNCATE)");
  const step = database.transaction(() => {
    const layout = checkLayout(database, path) === "empty" ? 0 : numberOf(database, "user_version");
    const next = layout === 0 ? migrations : migrations.slice(layout, layout + 1);
    for (const { statements } of next) database.exec(statements);
    database.pragma(`application_id = ${applicationId}`);
    database.pragma(`user_version = ${layout + next.length}`);
  });
  while (checkLayout(database, path) !== "current") step.immediate();
};

/**
 * A durable commit that changes nothing. After a commit whose fsync failed, its pages may lie in the
 * write-ahead log behind the last valid one, and a recovery could bring them back; this writes over them,
 * so that what is then read is final.
 */
export const settle = (database: Database, path: string): void => {
  database
    .transaction(() => {
      checkLayout(database, path);
      database.pragma(`user_version = ${layoutVersion}`);
    })
    .immediate();
};
