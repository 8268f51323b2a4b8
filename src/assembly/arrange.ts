import type { AssemblyOrder } from "./assembly.ts";
import type { Candidate } from "./gather.ts";
import { compareInThread, threadOf } from "./thread-of.ts";

/** Where a context stood among the newest of a source; 0 where a search alone brought it. */
const newestRank = ({ reasons }: Candidate): number =>
  reasons.find(({ why, neighbourOf }) => why === undefined && neighbourOf === undefined)?.rank ?? 0;

/** The best first, but those of one thread together where its best one stands, in the thread's order. */
const byThread = <Chosen extends Candidate>(chosen: readonly Chosen[]): Chosen[] => {
  const threads = Map.groupBy(chosen, (candidate) => threadOf(candidate) ?? candidate);
  return [...threads.values()].flatMap((thread) => thread.toSorted(compareInThread));
};

/** The oldest first. What was written at once has one time: the list of the newest and threads tell what came first. */
const byTime = <Chosen extends Candidate>(chosen: readonly Chosen[]): Chosen[] => {
  const oldestFirst = chosen.toSorted(
    (a, b) => a.item.updatedAt.getTime() - b.item.updatedAt.getTime() || newestRank(b) - newestRank(a),
  );
  return [...Map.groupBy(oldestFirst, ({ item }) => item.updatedAt.getTime()).values()].flatMap(byThread);
};

/**
 * Puts the contexts that were chosen in the order in which they are read.
 * @param chosen best first
 */
export const arrange = <Chosen extends Candidate>(
  chosen: readonly Chosen[],
  order: AssemblyOrder,
): Chosen[] => {
  if (order === "relevance") return [...chosen];
  return order === "time" ? byTime(chosen) : byThread(chosen);
};
