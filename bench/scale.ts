/** How much is done. */
export type Scale = {
  /** Rounds that come first and do not count. */
  readonly warmUps: number;
  readonly putRounds: number;
  readonly putsPerRound: number;
  /** How many times 64 puts stand in a round. */
  readonly togetherPerRound: number;
  readonly loadRounds: number;
  readonly loadContexts: number;
  readonly batchContexts: number;
  /** How many of the contexts PouchDB loads and reads: it takes some minutes for as many as the others. */
  readonly pouchContexts: number;
  readonly readRounds: number;
  readonly cachedContexts: number;
  readonly cachedReads: number;
  readonly monitorRounds: number;
  readonly historyVersions: number;
  /** On a server, of each kind of puts and of gets. */
  readonly serverRounds: number;
  /** One after another. */
  readonly serverSinglePuts: number;
  readonly serverSingleGets: number;
  /** By 64 callers, each after its own last one. */
  readonly serverPutsTogether: number;
  readonly serverGetsTogether: number;
};

export const fullScale: Scale = {
  warmUps: 3,
  putRounds: 100,
  putsPerRound: 40,
  togetherPerRound: 1,
  loadRounds: 5,
  loadContexts: 100_000,
  batchContexts: 10_000,
  pouchContexts: 10_000,
  readRounds: 97,
  cachedContexts: 1_000,
  cachedReads: 2_000,
  monitorRounds: 300,
  historyVersions: 1_000,
  serverRounds: 16,
  serverSinglePuts: 250,
  serverSingleGets: 100,
  serverPutsTogether: 1_024,
  serverGetsTogether: 1_024,
};

/** Enough to see that everything runs; its figures mean little. */
export const quickScale: Scale = {
  warmUps: 1,
  putRounds: 5,
  putsPerRound: 30,
  togetherPerRound: 1,
  loadRounds: 1,
  loadContexts: 10_000,
  batchContexts: 1_000,
  pouchContexts: 1_000,
  readRounds: 5,
  cachedContexts: 500,
  cachedReads: 2_000,
  monitorRounds: 5,
  historyVersions: 100,
  serverRounds: 5,
  serverSinglePuts: 250,
  serverSingleGets: 100,
  serverPutsTogether: 1_024,
  serverGetsTogether: 1_024,
};
