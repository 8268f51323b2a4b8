/** Limits of finding: embeddings, searches, and what is assembled of them. */
export const findingLimits = {
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
  /** How often a re-embedding looks at all contexts anew because others changed some meanwhile. */
  reembedPasses: 10,
  /** A term of a text that is searched, in UTF-8; a longer one is cut. */
  termBytes: 128,
  /** The text of a search. */
  queryBytes: 128 * 1024,
  /** Terms of the text of a search that count; those beyond it do not. */
  queryTerms: 64,
  /** Lists of places that a prefix stands for: one of each word that begins so and each saving, the first in order. */
  prefixLists: 200_000,
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
  /** What one boost may count, so that all of them together give a score that is a number. */
  searchBoostFactorLeast: 1e-6,
  searchBoostFactor: 1e6,
  /** How long it may take until a hit counts half: 1,000 years. */
  searchHalfLifeMillisecondsLeast: 1,
  searchHalfLifeMilliseconds: 1_000 * 365 * 24 * 60 * 60 * 1_000,
  /** How much of a context is looked through for a snippet. */
  snippetSearchedCharacters: 256 * 1024,
  /** Vectors beyond those asked for that are compared as they were stored, where rounded ones do not tell the best. */
  searchUndecided: 4_096,
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
  /** How long a closing waits for what a search index has in memory alone to be saved. */
  searchCloseMilliseconds: 10_000,
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
  /** Vectors that PostgreSQL compares one by one, where no more fit, in place of looking through its index. */
  comparedVectors: 10_000,
  /**
   * Memory of what a program knows of one component on PostgreSQL to search it by vector; half as much again holds
   * contexts themselves.
   */
  mirrorBytes: 64 * 1024 * 1024,
  /** The same of all components of all tenants of a store, where no other number is given, and the most that can be. */
  mirrorsBytesDefault: 256 * 1024 * 1024,
  mirrorsBytes: 64 * 1024 * 1024 * 1024,
  /** How many of them there are at the most: each takes addresses for more than it holds. */
  mirrors: 128,
  /** Searches by vector after which a component becomes so known; and is caught up where it fell behind. */
  mirrorSearches: 3,
  /** Changes of the tenant that a search takes in before it answers from memory. */
  mirrorChanges: 64,
  /** How often a search asks whether what it found in memory still stands. */
  mirrorAttempts: 2,
  /** Contexts, or changes, that are read at once to make it, and the bytes of those contexts. */
  mirrorPageContexts: 256,
  mirrorPageBytes: 1024 * 1024,
  /** Contexts that were replaced or deleted, beyond as many as stand, after which it is made anew. */
  mirrorDeadContexts: 1_000,
  /** How long none is made of a component that was too large for it, or whose contexts could not be read. */
  mirrorPauseMilliseconds: 5 * 60_000,
  /** The same after it was found that it is of another log: an upgrade may go on, or standbys take turns. */
  mirrorLostMilliseconds: 1_000,
  /** Texts of a thread's component that lend their words to neighbours on PostgreSQL, by turns: more where too few are hit. */
  lendingTexts: [500, 5_000, 50_000],
} as const;
