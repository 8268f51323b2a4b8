import { engineLimits } from "./engine-limits.ts";
import { findingLimits } from "./finding-limits.ts";

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
  /** Contexts that an upgrade rewrites at once. */
  upgradedContexts: 1_000,
  /** The same, by size. */
  upgradedBytes: 4 * 1024 * 1024,
  /** How long an upgrade lets others write between two of its transactions: they look for the lock every 5 ms. */
  upgradePauseMilliseconds: 6,
  /** Contexts that an upgrade names, of those that it could not bring to the present schema. */
  upgradeFailures: 20,
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
  /** A request's url and headers over HTTP. */
  httpHeaderBytes: 64 * 1024,
  /** Its body. */
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
  ...findingLimits,
  ...engineLimits,
} as const;
