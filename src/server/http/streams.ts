import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";

/** A stream's place among those of its server. */
export type Place = {
  /** Fires where the stream is to end. */
  readonly signal: AbortSignal;
  /** Ends the stream, and gives its place to another. */
  readonly leave: () => void;
};

/** The streams of one server that are open at one moment. */
export type Streams = {
  /** @throws ContextbaseError too_busy where there are too many; closed where the server closes */
  readonly enter: () => Place;
};

/** @param closing ends all of them */
export const createStreams = (closing: AbortSignal | undefined): Streams => {
  const open = new Set<AbortController>();
  closing?.addEventListener("abort", () => {
    for (const ending of open) ending.abort();
  });
  return {
    enter: () => {
      if (closing?.aborted) {
        throw new ContextbaseError("closed", "The server is closing. Come again once it is back.");
      }
      if (open.size >= limits.httpStreams) {
        const message = `${open.size} streams are open, which is the most. End some, or come again later.`;
        throw new ContextbaseError("too_busy", message, { details: { most: limits.httpStreams } });
      }
      const ending = new AbortController();
      open.add(ending);
      return {
        signal: ending.signal,
        leave: () => {
          open.delete(ending);
          ending.abort();
        },
      };
    },
  };
};
