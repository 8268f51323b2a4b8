/** Every limit of the product, by name, unit last. Nothing in the product is without one. */
export const limits = {
  /** An id, actor, tenant, type or write id, in UTF-8. */
  idBytes: 512,
  /** A component's name. It becomes a class name and a file name. */
  componentNameCharacters: 64,
  /** How deep JSON may nest. Parsers differ far above it and stacks overflow far above that. */
  jsonDepth: 100,
  /** The content of one context as JSON. */
  contentBytes: 8 * 1024 * 1024,
  /** The metadata of one context as JSON. */
  metadataBytes: 1024 * 1024,
  /** A path to a value of a context, in UTF-8. */
  pathBytes: 1024,
  /** An index that no opening declared for this long is dropped: versions of a program may take turns meanwhile. */
  undeclaredIndexMilliseconds: 30 * 24 * 60 * 60 * 1000,
  /** How deep `$and`, `$or` and `$not` may nest in a filter. */
  filterDepth: 32,
  /** Conditions and values of one filter, together. */
  filterParts: 1_000,
  /** Names and texts of one filter, together. */
  filterCharacters: 1024 * 1024,
  /** Paths that a component may declare as indexes, search texts or thread, each. */
  componentPaths: 64,
  /** Contexts that expired and are no deletions yet, of a component, that a search leaves out by itself. */
  expiredContexts: 10_000,
  /** How long after a store was opened, and after each round, versions and expired contexts are swept again. */
  sweepMilliseconds: 30_000,
  /** How many times as long as a step took a sweep in the background rests after it. */
  sweepRests: 20,
  /** Changes that a sweep reads at once. */
  sweptChanges: 500,
  /** Contexts that a sweep knows it has looked at already. */
  sweptContexts: 10_000,
  /** Expired contexts of which one commit makes deletions. */
  sweptExpired: 100,
  /** Tenants of whom a store knows how far they were swept; a tenant beyond them is gone through anew. */
  sweptTenants: 10_000,
  /** Versions that one transaction removes. */
  prunedVersions: 500,
  /** Rules by which the versions of a component are thinned out. */
  retentionRules: 16,
  /** An embedding that can be searched, on every engine. */
  embeddingDimensions: 4_000,
  /** What of a context's text is embedded: models read about 8,000 tokens at the most, and a token may be a character. */
  embeddedTextCharacters: 8_000,
  /** Texts that one call of a component's `embed` is given. */
  embeddedTexts: 256,
  /** Texts searched for whose vectors are remembered, of each component. */
  queryVectors: 100,
  /** Texts in one request to an embedding server, and the most that can be asked for. */
  embedderTextsDefault: 128,
  embedderTexts: 2_048,
  /** The same by size: a request of several texts holds no more. */
  embedderBytesDefault: 256 * 1024,
  embedderBytes: 64 * 1024 * 1024,
  /** Requests that are on their way to one embedding server at one moment. */
  embedderRequestsDefault: 4,
  embedderRequests: 64,
  /** How long one request to an embedding server may take. */
  embedderMilliseconds: 60_000,
  /** How often a request is tried. */
  embedderAttempts: 5,
  /** Before the second try; twice as long before each one after, up to the longest. */
  embedderPauseMilliseconds: 500,
  /** The longest wait that an embedding server may ask for; one that asks for more is not waited for. */
  embedderWaitMilliseconds: 60_000,
  /** What of an error's body is read. */
  embedderErrorBytes: 64 * 1024,
  /** Contexts that a re-embedding reads at once. */
  reembeddedContexts: 256,
  /** Contexts that an upgrade rewrites at once. */
  upgradedContexts: 1_000,
  /** The same, by size. */
  upgradedBytes: 4 * 1024 * 1024,
  /** How long an upgrade lets others write between two of its transactions: they look for the lock every 5 ms. */
  upgradePauseMilliseconds: 6,
  /** Contexts that an upgrade names, of those that it could not bring to the present schema. */
  upgradeFailures: 20,
  /** How often a re-embedding looks at all contexts anew because others changed some meanwhile. */
  reembedPasses: 10,
  /** Ways in which a schema's alternatives combine that a comparison of schemas looks at. */
  compatibilityBranches: 256,
  /** Pairs of schemas that one comparison looks at. */
  compatibilitySteps: 50_000,
  /** How deep a comparison of schemas goes. */
  compatibilityDepth: 150,
  /** How often a comparison divides what it looks at, to find an alternative for each part. */
  compatibilitySplits: 3,
  /** One atomic batch. */
  batchContexts: 10_000,
  /** One atomic batch, contents, metadata and embeddings together. */
  batchBytes: 256 * 1024 * 1024,
  /** Operations of one JSON Patch. */
  patchOperations: 100_000,
  /** A value that is patched or compared, as JSON, with all that a patch adds to it or copies in it. */
  patchBytes: 64 * 1024 * 1024,
  /** Contexts that one undo goes back with. Up to `batchContexts` and `batchBytes` it is one atomic batch. */
  undoneContexts: 100_000,
  /** Of those as many are read at one moment. */
  undoneAtOnce: 64,
  /** Pairs of equal elements of two arrays, or of words of two texts, among which the longest common run is sought. */
  comparedPairs: 500_000,
  /** Ids in one `retrieveContexts`. */
  retrieveIds: 10_000,
  /** A page of a list or a history. */
  pageItems: 1_000,
  /** A page of a list ends early once it holds this much. */
  pageBytes: 32 * 1024 * 1024,
  /** A page where none is asked for. */
  pageItemsDefault: 50,
  /** A term of a text that is searched, in UTF-8; a longer one is cut. */
  termBytes: 128,
  /** The text of a search. */
  queryBytes: 128 * 1024,
  /** Terms of the text of a search that count; those beyond it do not. */
  queryTerms: 64,
  /** Hits of one search. */
  searchHits: 1_000,
  /** Hits where no other number is asked for. */
  searchHitsDefault: 10,
  /** Candidates of each kind that are fused, where fewer hits are asked for. */
  searchCandidates: 100,
  /** Neighbours in its thread that a hit brings on each side. */
  searchNeighbours: 50,
  /** Boosts of one search. */
  searchBoosts: 16,
  /** How much of a context is looked through for a snippet. */
  snippetSearchedCharacters: 256 * 1024,
  /** How often a search is made again because what it found was changed while it was read. */
  searchAttempts: 4,
  /** Contexts that are looked at at once as they stood at a time: others wait for their turn meanwhile. */
  standingContexts: 200,
  /** The same by size. */
  standingBytes: 256 * 1024,
  /** The same where contents are not looked at. */
  standingHeads: 2_000,
  /** Vectors of a component, a byte for each number, that are compared where the caller is rather than in a thread. */
  nearSearchBytes: 4 * 1024 * 1024,
  /** How long a search thread works on its index before others have their turn. */
  searchSliceMilliseconds: 8,
  /** Contexts, or changes, that a search index reads in one reading of the store. */
  searchReadDocuments: 256,
  /** Documents in one piece of what a search file has of them. */
  searchSegmentDocuments: 2_048,
  /** Documents that a search index has in memory alone before they are saved. */
  searchUnsavedDocuments: 1_000,
  /** The same, by the occurrences of their terms: a document of 1 KB has about 150, each takes 16 bytes. */
  searchTailTerms: 4_000_000,
  /** Components of tenants whose index is in memory at one moment, in one store. */
  searchPartitions: 256,
  /** Of those the ones that follow what is written in the background: the last that were searched. */
  searchPartitionsFollowed: 16,
  /** Postings of common terms that are kept decoded for each partition, 8 bytes each. */
  searchCachedPostings: 8 * 1024 * 1024,
  /** Memory of what is searched; beyond it the partition is forgotten that nobody searched for longest. */
  searchMemoryBytes: 2 * 1024 * 1024 * 1024,
  /** Terms that a prefix stands for, the first in order. */
  prefixTerms: 1_000,
  /** Sources of one assembly. */
  assemblySources: 16,
  /** Contexts that one source is asked for, where no other number is given. */
  assemblySourceHits: 50,
  /** Contexts that all sources of one assembly may bring, neighbours among them. */
  assemblyCandidates: 2_000,
  /** The budget of one assembly. */
  assemblyTokens: 1_000_000,
  /** Contexts that just missed, of whom an assembly tells. */
  assemblyMissed: 100,
  /** How much of a text is looked at to tell whether two say the same. */
  fingerprintCharacters: 100_000,
  /** An assembly lets others have their turn after so many characters. */
  assemblyTurnCharacters: 50_000,
  /** The vectors of one tenant's component in the embedded engine's search index: what 32 bits can address. */
  slabBytes: 4 * 1024 * 1024 * 1024,
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
  /** Vectors that PostgreSQL compares one by one, where no more fit, in place of looking through its index. */
  comparedVectors: 10_000,
  /** Texts of a thread's component that lend their words to neighbours on PostgreSQL, by turns: more where too few are hit. */
  lendingTexts: [500, 5_000, 50_000],
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
  /** Tries of one `updateContext`. */
  updateAttempts: 10,
  /** Tries of one merge while others, whom it does not wait for, write the same context. */
  mergeAttempts: 100,
  /** Versions of one context that are kept to be merged from while its merges are on their way. */
  mergedVersions: 64,
  /** Paths of conflicts that a message names. */
  namedConflicts: 10,
  /** A file that is imported as a document. */
  documentBytes: 32 * 1024 * 1024,
  /** The sections of one document. */
  documentSections: 10_000,
  /** An import stores this many contexts at once, or few more. */
  importedContexts: 2_000,
  /** The same, by size. */
  importedBytes: 8 * 1024 * 1024,
  /** What the command line reads from stdin for one context, or as one line of many. */
  inputLineBytes: 32 * 1024 * 1024,
  /** A request's body over HTTP. */
  httpBodyBytes: 64 * 1024 * 1024,
  /** Connections over HTTP at one moment; one more is dropped. */
  httpConnections: 1_000,
  /** Streams of changes over HTTP at one moment in one server. Each keeps its connection. */
  httpStreams: 500,
  /** A stream that has nothing to tell gives a sign of life after this long; proxies cut off what is silent. */
  httpHeartbeatMilliseconds: 15_000,
  /** How long whoever was cut off from a stream is asked to wait before it comes again. */
  httpRetryMilliseconds: 2_000,
  /** Changes that a stream has at hand go out together, up to this size. */
  httpStreamedBytes: 64 * 1024,
  /** How long a server that closes waits for readers of streams that do not read. */
  httpStreamCloseMilliseconds: 500,
  /** How long a server that closes waits for requests that are being answered. */
  httpCloseMilliseconds: 10_000,
  /** How often a write under a condition is tried while others write the same context. */
  guardAttempts: 100,
} as const;
