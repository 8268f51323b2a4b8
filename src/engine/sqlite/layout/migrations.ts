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
export const migrations: readonly Migration[] = [
  { name: "tables", statements: firstTables },
  { name: "components", statements: components },
  { name: "values at declared paths", statements: keys },
  { name: "version control", statements: versionControl },
];
