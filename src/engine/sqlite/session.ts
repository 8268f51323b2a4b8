import type { Database } from "better-sqlite3-multiple-ciphers";
import { type AsOfReading, createAsOfReading } from "./as-of/as-of.ts";
import { type Changes, createChanges } from "./changes/changes.ts";
import { createEntries, type Entries } from "./changes/entries.ts";
import { createStaleness } from "./changes/staleness.ts";
import { connect } from "./connection/connection.ts";
import { toTableFault } from "./connection/faults.ts";
import type { StoreFile } from "./connection/store-file.ts";
import { createFinding, type Finding } from "./finding/list.ts";
import { createKeyPaths, type KeyPaths } from "./indexing/key-paths.ts";
import { type Components, createComponents } from "./layout/components.ts";
import { createExpiring, type Expiring } from "./pruning/expiring.ts";
import { createPruning, type Pruning } from "./pruning/pruning.ts";
import { createReads, type Reads } from "./reading/read.ts";
import { createVersions } from "./reading/versions.ts";
import { createRewriter, type Rewriter } from "./rewriting/rewrite.ts";
import { type Commit, createCommit } from "./writing/commit.ts";
import { createRestore, type Restore } from "./writing/restore.ts";

/** One connection with everything that is prepared on it. */
export type Session = {
  readonly database: Database;
  readonly commit: Commit;
  readonly restore: Restore;
  readonly rewriter: Rewriter;
  readonly prune: Pruning;
  readonly expiring: Expiring;
  readonly reads: Reads;
  readonly asOf: AsOfReading;
  readonly changes: Changes;
  readonly entries: Entries;
  readonly components: Components;
  readonly keyPaths: KeyPaths;
  readonly finding: Finding;
  readonly staleness: ReturnType<typeof createStaleness>;
};

/** @throws ContextbaseError, as `connect` */
export const openSession = (file: StoreFile, waitMilliseconds: number): Session => {
  const database = connect(file, waitMilliseconds);
  try {
    const versions = createVersions(database);
    const changes = createChanges(database);
    return {
      database,
      commit: createCommit(database, file.path),
      restore: createRestore(database, file.path),
      rewriter: createRewriter(database, file.path),
      prune: createPruning(database, file.path),
      expiring: createExpiring(database),
      reads: createReads(database, versions),
      asOf: createAsOfReading(database),
      changes,
      entries: createEntries(database, changes, versions),
      components: createComponents(database),
      keyPaths: createKeyPaths(database),
      finding: createFinding(database),
      staleness: createStaleness(database),
    };
  } catch (cause) {
    // Some of these read already, and meet what is damaged: a page, or what the file says of its tables.
    database.close();
    throw toTableFault(cause, file.path);
  }
};
