import { limits } from "../../base/limits.ts";
import type { Problem } from "./problem.ts";

/** How a stream is written down. */
export type StreamFormat = {
  readonly type: string;
  /** What comes first, where something does. */
  readonly begin: (after: number) => string;
  readonly item: (item: { readonly position: number }) => string;
  /** What comes where there is nothing to tell, so that nobody takes the connection for dead. */
  readonly alive: string;
  /** What comes last, where the stream cannot go on. */
  readonly problem: (problem: Problem) => string;
};

/**
 * Server-sent events (WHATWG HTML, section 9.2). The first one tells a position without data, so that who is cut off
 * before anything changed goes on from there.
 */
export const eventStream: StreamFormat = {
  type: "text/event-stream",
  begin: (after) => `retry: ${limits.httpRetryMilliseconds}\nid: ${after}\n\n`,
  item: (item) => `id: ${item.position}\nevent: change\ndata: ${JSON.stringify(item)}\n\n`,
  alive: ":\n\n",
  problem: (problem) => `event: error\ndata: ${JSON.stringify(problem)}\n\n`,
};

/** A line of JSON for each; an empty line is a sign of life, and one with `error` is the last. */
export const jsonLines: StreamFormat = {
  type: "application/x-ndjson",
  begin: () => "",
  item: (item) => `${JSON.stringify(item)}\n`,
  alive: "\n",
  problem: (error) => `${JSON.stringify({ error })}\n`,
};
