import type { Scale } from "./scale.ts";

/** How the figures came about, for docs/benchmarks.md. */
export const method = (
  scale: Scale,
): string => `- **Bare statements** are prepared statements of the same driver, in the same process, on files with the same
  tables, pragmas and encryption. They write the same rows (context, change, write id, the tenant's position)
  and read the same contexts, but check nothing. What a user's own code would have to do is done there too:
  \`JSON.stringify\` before a write, \`JSON.parse\` and a copy of the embedding after a read.
- The sides take turns in ${scale.putRounds} rounds of ${scale.putsPerRound} single puts, ${scale.putRounds} of ${scale.togetherPerRound} × 64 concurrent ones, ${scale.loadRounds} whole
  loads and ${scale.readRounds} rounds of reads; who is first moves on with each round. ${scale.warmUps} rounds before them do not count.
- 64 concurrent puts are one transaction on the bare side. Each put is a write of its own there, too.
- A load is of ${scale.loadContexts.toLocaleString("en")} contexts in batches of ${scale.batchContexts.toLocaleString("en")}, a transaction each, into an empty file. The loader
  has two batches in flight: one is checked and encoded while a thread writes the one before. The bare side
  has one thread, as its driver has.
- A cold read is of an id that was not read before, in random order; that no such read came from Contextbase's
  cache is checked. A cached one is of ${scale.cachedContexts.toLocaleString("en")} ids that are read over and over. SQLite's own page cache (32 MiB)
  serves both sides alike.
- The monitor's cost is a cached read through the store against the same read put together without it.
- LangGraph's InMemoryStore keeps the objects themselves, in memory alone, and gives the same objects back: it
  neither encodes, copies, checks nor writes. PouchDB (on LevelDB) does not sync its puts to the disk and does
  not encrypt; it loads and reads ${scale.pouchContexts.toLocaleString("en")} of the contexts.
- What was stored is read back from every side and compared with what was given, and the rows of all tables
  are counted on both sides; a difference ends the run with an error.`;
