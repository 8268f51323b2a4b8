import type { VectorData } from "../vectors/data.ts";
import { medianRatio, timeCalls } from "./calls.ts";
import type { Line } from "./lines.ts";
import { callerOf, callName, inWords, recallsOf, type Searcher } from "./searcher.ts";
import { shares, unfiltered } from "./shares.ts";

export type SpeedupOptions = {
  readonly rounds: number;
  readonly calls: number;
  /** How many times as fast ours is to be, unfiltered and filtered, where there is a target. */
  readonly least: number | undefined;
  readonly leastFiltered?: number | undefined;
  readonly leastRecall: number;
};

const warmUps = 2;

/** How many times as fast as a peer that knows filters, too, and how much of what is nearest both find. */
export const measureSpeedup = async (
  data: VectorData,
  ours: Searcher,
  peer: Searcher,
  { rounds, calls, least, leastFiltered, leastRecall }: SpeedupOptions,
): Promise<Line[]> => {
  const sides = [ours, peer];
  const callers = shares.flatMap((share) => sides.map((side) => callerOf(data, side, share, calls)));
  const times = await timeCalls(callers, rounds, warmUps);

  const lines: Line[] = [];
  for (const share of shares) {
    const [recall = 0, recallOfPeer] = await recallsOf(data, share, sides);
    const [mine, theirs] = [callName(ours, share), callName(peer, share)];
    const spread = medianRatio(times, theirs, mine);
    const target = share === unfiltered ? least : leastFiltered;
    lines.push(
      {
        what: `${share.name}: times as fast`,
        against: peer.name,
        value: spread.median,
        spread,
        ...(target !== undefined && { least: target }),
        ours: inWords(times, mine, recall),
        theirs: inWords(times, theirs, recallOfPeer),
      },
      { what: `${share.name}: recall@10`, value: recall, least: leastRecall },
    );
  }
  return lines;
};
