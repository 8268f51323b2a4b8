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
  /** How many of the contexts PouchDB loads and reads: it takes half a minute for all. */
  readonly pouchContexts: number;
  readonly readRounds: number;
  readonly cachedContexts: number;
  readonly cachedReads: number;
  readonly monitorRounds: number;
  readonly historyVersions: number;
};

export const fullScale: Scale = {
  warmUps: 3,
  putRounds: 30,
  putsPerRound: 100,
  togetherPerRound: 4,
  loadRounds: 3,
  loadContexts: 100_000,
  batchContexts: 10_000,
  pouchContexts: 20_000,
  readRounds: 22,
  cachedContexts: 1_000,
  cachedReads: 10_000,
  monitorRounds: 40,
  historyVersions: 1_000,
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
};
