import { limits } from "../../base/limits.ts";
import type { Standing, StandingPage, StandingQuery } from "../port/as-of.ts";

/** How many contexts a page has at the most. */
export const mostStanding = ({ most, bodies }: StandingQuery): number =>
  Math.min(most ?? limits.standingHeads, bodies ? limits.standingContexts : limits.standingHeads);

/** A page of what is walked over. */
export const takeStanding = (walk: Iterable<Standing>, query: StandingQuery): StandingPage => {
  const most = mostStanding(query);
  const contexts: Standing[] = [];
  let bytes = 0;
  for (const standing of walk) {
    const last = contexts.at(-1);
    if (contexts.length === most || bytes > limits.standingBytes) return { contexts, next: last?.place };
    contexts.push(standing);
    bytes += standing.content.length + standing.metadata.length + (standing.embeddings?.length ?? 0);
  }
  return { contexts, next: undefined };
};
