import { limits } from "../../base/limits.ts";
import type { Standing, StandingPage } from "./as-of.ts";

/** A page of what is walked over. */
export const takeStanding = (walk: Iterable<Standing>): StandingPage => {
  const contexts: Standing[] = [];
  let bytes = 0;
  for (const standing of walk) {
    const last = contexts.at(-1);
    if (contexts.length === limits.standingContexts || bytes > limits.standingBytes)
      return { contexts, next: last?.place };
    contexts.push(standing);
    bytes += standing.content.length + standing.metadata.length + (standing.embeddings?.length ?? 0);
  }
  return { contexts, next: undefined };
};
