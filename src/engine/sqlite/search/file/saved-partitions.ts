import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Key } from "../../../engine.ts";
import type { Stamp } from "../store/store-reader.ts";

/** What the search file has of a partition. */
export type Mark = {
  /** Its number in the file. */
  readonly partition: number;
  /** One more with each saving, by whichever process. */
  readonly revision: number;
  readonly slots: number;
  /** How many of the slots have their texts there. */
  readonly texted: number;
};

export type SavedPartition = Mark & Stamp;

/** Names a partition: another indexing of the same component is another partition. */
export type PartitionName = Key & { readonly indexing: string };

/** What the name of a partition begins with that another took the place of. */
export const retired = "retired";

export type Rows = { readonly first: number };

/** The partitions of a search file, and what of them is no posting. */
export type SavedPartitions = {
  readonly find: (name: PartitionName) => SavedPartition | undefined;
  /** Whether a partition is still there. */
  readonly has: (partition: number) => boolean;
  /** @returns its number */
  readonly insert: (name: PartitionName, stamp: Stamp) => number;
  readonly update: (saved: SavedPartition) => void;
  readonly rename: (partition: number, indexing: string) => void;
  /** Takes it out of the file. Its postings are left over, and are removed bit by bit. */
  readonly remove: (partition: number) => void;
  /**
   * Those that another took the place of, and those of indexings that two newer ones came after: two versions of a
   * program may take turns.
   */
  readonly obsolete: () => number[];
  readonly addSegment: (partition: number, first: number, documents: string) => void;
  readonly segments: (partition: number) => Iterable<Rows & { readonly documents: string }>;
  readonly putVectors: (partition: number, chunk: number, vectors: Uint8Array) => void;
  readonly vectors: (partition: number, chunk: number) => Buffer | undefined;
  readonly addDeath: (partition: number, slot: number) => void;
  readonly deaths: (partition: number) => number[];
  readonly addLengths: (partition: number, first: number, lengths: Uint8Array) => void;
  readonly lengths: (partition: number) => (Rows & { readonly lengths: Buffer })[];
};

export const createSavedPartitions = (database: Database): SavedPartitions => {
  const find = database.prepare<[string, string, string], SavedPartition>(
    `SELECT partition, revision, slots, texted, position, write, at, rewrite FROM partitions
     WHERE tenant = ? AND component = ? AND indexing = ?`,
  );
  const has = database.prepare<[number], number>("SELECT 1 FROM partitions WHERE partition = ?").pluck();
  const insert = database.prepare(
    `INSERT INTO partitions (tenant, component, indexing, revision, slots, texted, position, write, at, rewrite)
     VALUES (?, ?, ?, 0, 0, 0, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `UPDATE partitions SET revision = ?, slots = ?, texted = ?, position = ?, write = ?, at = ?, rewrite = ?
     WHERE partition = ?`,
  );
  const rename = database.prepare("UPDATE partitions SET indexing = ? WHERE partition = ?");
  const removals = ["partitions", "segments", "vectors", "deaths", "lengths"].map((table) =>
    database.prepare<[number]>(`DELETE FROM ${table} WHERE partition = ?`),
  );
  const obsolete = database
    .prepare<[], number>(
      `SELECT partition FROM partitions p WHERE indexing LIKE '${retired}%' OR 2 <= (
         SELECT count(*) FROM partitions n WHERE n.tenant = p.tenant AND n.component = p.component
         AND n.partition > p.partition AND n.indexing NOT LIKE '${retired}%')`,
    )
    .pluck();
  const addSegment = database.prepare("INSERT INTO segments (partition, first, documents) VALUES (?, ?, ?)");
  const segments = database.prepare<[number, number], Rows & { readonly documents: string }>(
    "SELECT first, documents FROM segments WHERE partition = ? AND first >= ? ORDER BY first LIMIT 1",
  );
  const putVectors = database.prepare(
    "INSERT OR REPLACE INTO vectors (partition, chunk, vectors) VALUES (?, ?, ?)",
  );
  const vectors = database
    .prepare<[number, number], Buffer>("SELECT vectors FROM vectors WHERE partition = ? AND chunk = ?")
    .pluck();
  const addDeath = database.prepare("INSERT OR IGNORE INTO deaths (partition, slot) VALUES (?, ?)");
  const deaths = database.prepare<[number], number>("SELECT slot FROM deaths WHERE partition = ?").pluck();
  const addLengths = database.prepare("INSERT INTO lengths (partition, first, lengths) VALUES (?, ?, ?)");
  const lengths = database.prepare<[number], Rows & { readonly lengths: Buffer }>(
    "SELECT first, lengths FROM lengths WHERE partition = ? ORDER BY first",
  );

  return {
    find: ({ tenant, component, indexing }) => find.get(tenant, component, indexing),
    has: (partition) => has.get(partition) !== undefined,
    insert: ({ tenant, component, indexing }, { position, write, at, rewrite }) =>
      Number(insert.run(tenant, component, indexing, position, write, at, rewrite).lastInsertRowid),
    update: ({ partition, revision, slots, texted, position, write, at, rewrite }) => {
      update.run(revision, slots, texted, position, write, at, rewrite, partition);
    },
    rename: (partition, indexing) => {
      rename.run(indexing, partition);
    },
    remove: (partition) => {
      for (const removal of removals) removal.run(partition);
    },
    obsolete: () => obsolete.all(),
    addSegment: (partition, first, documents) => {
      addSegment.run(partition, first, documents);
    },
    // One at a time, so that others can use the connection in between.
    segments: function* (partition) {
      for (let row = segments.get(partition, 0); row; row = segments.get(partition, row.first + 1)) yield row;
    },
    putVectors: (partition, chunk, bytes) => {
      putVectors.run(partition, chunk, bytes);
    },
    vectors: (partition, chunk) => vectors.get(partition, chunk),
    addDeath: (partition, slot) => {
      addDeath.run(partition, slot);
    },
    deaths: (partition) => deaths.all(partition),
    addLengths: (partition, first, bytes) => {
      addLengths.run(partition, first, bytes);
    },
    lengths: (partition) => lengths.all(partition),
  };
};
