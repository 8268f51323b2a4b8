import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Searcher } from "./answering/searcher.ts";

/** How often the store is looked at for writes. A look takes some microseconds. */
const lookMilliseconds = 100;

/** Follows a store in the background from the first search on, so that the next ones have little to do. */
export const followInBackground = (database: Database, searcher: Searcher): (() => void) => {
  const dataVersion = (): unknown => database.pragma("data_version", { simple: true });
  let seen: unknown;
  let following = false;

  const look = async (): Promise<void> => {
    const now = dataVersion();
    if (following || (now === seen && !searcher.isBehind())) return;
    seen = now;
    following = true;
    await searcher.follow();
    following = false;
  };

  const timer = setInterval(() => {
    look().catch(() => {
      following = false;
    });
  }, lookMilliseconds);
  return () => clearInterval(timer);
};
