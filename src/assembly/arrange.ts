import type { AssemblyOrder } from "./assembly.ts";
import type { Candidate } from "./gather.ts";
import { compareInThread, threadOf } from "./thread-of.ts";

/**
 * Puts the contexts that were chosen in the order in which they are read.
 * @param chosen best first
 */
export const arrange = <Chosen extends Candidate>(
  chosen: readonly Chosen[],
  order: AssemblyOrder,
): Chosen[] => {
  if (order === "relevance") return [...chosen];
  if (order === "time")
    return chosen.toSorted((a, b) => a.item.updatedAt.getTime() - b.item.updatedAt.getTime());
  const threads = Map.groupBy(chosen, (candidate) => threadOf(candidate) ?? candidate);
  return [...threads.values()].flatMap((thread) => thread.toSorted(compareInThread));
};
