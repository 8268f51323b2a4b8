/** Limits of engines, and of what follows them: commits, caches, watches. */
export const engineLimits = {
  /** Writes that share one transaction; those beyond it wait for the next one. */
  coalescedWrites: 1_000,
  /** The same, by size. */
  coalescedBytes: 16 * 1024 * 1024,
  /** Commits that an engine is given at one moment: one is made durable while the next is on its way. */
  commitsInFlight: 2,
  /** A commit of more writes than this runs in a thread of its own, off the event loop. */
  inlineWrites: 128,
  /** The same, by size. */
  inlineBytes: 1024 * 1024,
  /** Writes that wait at one moment in one process; one more is refused, not queued. */
  waitingWrites: 100_000,
  /** The read cache where no other size is given. */
  cacheBytes: 64 * 1024 * 1024,
  /** Changes of other processes that are followed one by one; above it the cache is emptied. */
  followedChanges: 1_000,
  /** How long a call waits for another process's lock. */
  busyMilliseconds: 10_000,
  /** A superseded version on PostgreSQL whose content is larger than this is not packed: it would take long. */
  packedBytes: 256 * 1024,
  /** Contexts of whom blocks of versions wait to be packed; those beyond it wait for their next block. */
  packsWaiting: 10_000,
  /** How long a store that closes goes on packing. */
  packCloseMilliseconds: 10_000,
  /** Contexts that PostgreSQL goes through at once where what they are found by is to be made. */
  filledContexts: 1_000,
  /** The same, by size. */
  filledBytes: 4 * 1024 * 1024,
  /** How long PostgreSQL bars a write that was told to have never happened. No commit is on its way that long. */
  fenceMilliseconds: 24 * 60 * 60 * 1000,
  /** Parts that the tables of a PostgreSQL store may be divided into. */
  partitions: 256,
  /** How often PostgreSQL is asked for changes where nothing is heard of them: no LISTEN, or its connection lost. */
  unheardMilliseconds: 250,
  /** How long a watcher may go without looking for changes that nobody told of. */
  pollMilliseconds: 1_000,
  /** Changes that a watch reads at once. */
  watchedChanges: 500,
  /** A watch looks by itself after this long, even where nothing woke it. */
  watchMilliseconds: 60_000,
} as const;
