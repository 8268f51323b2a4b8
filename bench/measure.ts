import { perSecond, type Spread, speedRatio, type Times } from "./rounds.ts";

/** One line of the table. Ratios above 1 are in favour of Contextbase. */
export type Measure = {
  readonly name: string;
  /** What the ratio is to. */
  readonly against: string;
  readonly ratio: Spread;
  /** The target: the ratio is to be this at the least. */
  readonly least?: number;
  /** Absolutes with their unit, as information. */
  readonly ours: string;
  readonly theirs: string;
  /** The ratio to each peer that took part. */
  readonly peers: ReadonlyMap<string, Spread>;
};

/** The names by which times are kept. */
export const names = {
  contextbase: "Contextbase",
  bare: "bare statements",
  inMemoryStore: "InMemoryStore",
  pouchDb: "PouchDB",
  bareSql: "bare SQL",
  postgresStore: "PostgresStore",
  postgresStoreText: "PostgresStore, embedding as text",
} as const;

export const peers: readonly string[] = [names.inMemoryStore, names.pouchDb];

type Line = {
  readonly name: string;
  readonly least?: number | undefined;
  readonly times: Times;
  /** Whose speed against whose, by the names of their times. */
  readonly one?: string;
  readonly other?: string;
  /** What to call the other. */
  readonly against?: string;
};

export const compareSpeeds = (line: Line): Measure => {
  const { name, least, times, one = names.contextbase, other = names.bare, against = other } = line;
  const present = peers.filter((peer) => times.has(peer));
  return {
    name,
    against,
    ratio: speedRatio(times, one, other),
    ...(least !== undefined && { least }),
    ours: inWords(perSecond(times, one)),
    theirs: inWords(perSecond(times, other)),
    peers: new Map(present.map((peer) => [peer, speedRatio(times, one, peer)])),
  };
};

const inWords = (speed: number): string => `${Number(speed.toPrecision(3)).toLocaleString("en")} / s`;
