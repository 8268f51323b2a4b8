import type { RowFilter, VectorData } from "../vectors/data.ts";
import { nearest, recall } from "../vectors/truth.ts";
import { type Caller, type CallTimes, percentileOf } from "./calls.ts";
import { milliseconds } from "./lines.ts";
import { filterOf, type Share } from "./shares.ts";

export type Searcher = {
  readonly name: string;
  /** The numbers of the nearest rows by cosine, best first. */
  readonly search: (vector: Float32Array, limit: number, filter?: RowFilter) => Promise<readonly number[]>;
};

const limit = 10;

export const callName = ({ name }: Searcher, share: Share): string => `${name}, ${share.name}`;

/** The search of a number: its vector is one of the queries, its filter one of the share's. */
const searchOf = (
  { queries }: VectorData,
  searcher: Searcher,
  share: Share,
  number: number,
): Promise<readonly number[]> =>
  searcher.search(queries[number % queries.length] ?? new Float32Array(), limit, filterOf(share, number));

export const callerOf = (data: VectorData, searcher: Searcher, share: Share, calls: number): Caller => ({
  name: callName(searcher, share),
  calls,
  call: (number) => searchOf(data, searcher, share, number),
});

/** The part of what is nearest that searchers find, over all queries, in their order. */
export const recallsOf = async (
  data: VectorData,
  share: Share,
  searchers: readonly Searcher[],
): Promise<number[]> => {
  const { rows, queries } = data;
  const truth = queries.flatMap((query, number) => nearest(rows, [query], limit, filterOf(share, number)));
  const recalls: number[] = [];
  for (const searcher of searchers) {
    const found: (readonly number[])[] = [];
    for (const number of queries.keys()) found.push(await searchOf(data, searcher, share, number));
    recalls.push(recall(found, truth));
  }
  return recalls;
};

/** The middle and the slowest calls, and the recall, for a table. @param part what part of the nearest was found */
export const inWords = (times: CallTimes, name: string, part?: number): string => {
  const [middle, slow] = [percentileOf(times, name, 0.5), percentileOf(times, name, 0.99)];
  const found = part === undefined ? "" : `, recall ${part.toFixed(3)}`;
  return `p50 ${milliseconds(middle)}, p99 ${milliseconds(slow)}${found}`;
};
