import type { VectorData } from "../vectors/data.ts";
import { type CallTimes, medianRatio, percentileOf, timeCalls } from "./calls.ts";
import type { Line } from "./lines.ts";
import { callerOf, callName, inWords, recallsOf, type Searcher } from "./searcher.ts";
import { type Share, shares, unfiltered } from "./shares.ts";

const warmUps = 2;

/** What the middle call may take of an `exactSearch` over all of 100,000 rows. */
const most = new Map([
  ["unfiltered", 1.1],
  ["10 %", 1],
  ["1 %", 0.3],
  ["0.1 %", 0.15],
]);

/**
 * The whole call beside those of the peers, filtered and not.
 * @param exact what all are compared with: it knows no filters, and compares all rows
 * @param others peers that know filters; they make a tenth of the calls
 */
export const measureVectors = async (
  data: VectorData,
  { ours, exact, others }: { ours: Searcher; exact: Searcher; others: readonly Searcher[] },
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Promise<Line[]> => {
  console.error("Searches…");
  const few = Math.ceil(calls / 10);
  const callers = [
    ...shares.map((share) => callerOf(data, ours, share, calls)),
    callerOf(data, exact, unfiltered, calls),
    ...others.flatMap((peer) => shares.map((share) => callerOf(data, peer, share, few))),
  ];
  const times = await timeCalls(callers, rounds, warmUps);
  console.error("What is right…");
  const lines: Line[] = [];
  for (const share of shares) {
    const knowing = share === unfiltered ? [exact, ...others] : others;
    const [recall = 0, ...recalls] = await recallsOf(data, share, [ours, ...knowing]);
    const mine = inWords(times, callName(ours, share), recall);
    if (share !== unfiltered) lines.push(toAllRows(times, ours, exact, share, mine));
    for (const [at, peer] of knowing.entries()) {
      const theirs = callName(peer, share);
      const spread = medianRatio(times, callName(ours, share), theirs);
      lines.push({
        what: `${share.name}: time`,
        against: peer.name,
        value: spread.median,
        spread,
        ours: mine,
        theirs: inWords(times, theirs, recalls[at]),
      });
    }
    lines.push(...absolutes(times, callName(ours, share), share, recall, data.rows.length));
  }
  return lines.map((line) => withTarget(line, exact, data.rows.length));
};

const allRows = ({ name }: Searcher): string => `${name}, all rows`;

/** A filtered search to one among all rows. */
const toAllRows = (times: CallTimes, ours: Searcher, exact: Searcher, share: Share, mine: string): Line => {
  const theirs = callName(exact, unfiltered);
  const spread = medianRatio(times, callName(ours, share), theirs);
  return {
    what: `${share.name}: time`,
    against: allRows(exact),
    value: spread.median,
    spread,
    ours: mine,
    theirs: inWords(times, theirs),
  };
};

const absolutes = (times: CallTimes, name: string, share: Share, recall: number, rows: number): Line[] => {
  const many = rows >= 500_000;
  const median = percentileOf(times, name, 0.5);
  return [
    { what: `${share.name}: recall@10`, value: recall, least: many ? 0.95 : 0.99 },
    ...(many ? [{ what: `${share.name}: p50, ms`, value: median, most: 5 }] : []),
  ];
};

const withTarget = (line: Line, exact: Searcher, rows: number): Line => {
  const share = line.what.replace(": time", "");
  const target = most.get(share);
  if (rows !== 100_000 || target === undefined) return line;
  return [exact.name, allRows(exact)].includes(line.against ?? "") ? { ...line, most: target } : line;
};
