import { keepBest, kept } from "./best";
import { layOut } from "./layout";
import { drawSigns } from "./rotate";
import { ask, has, put, remove, scaleOf } from "./rows";
import { scan } from "./scan";

export { addChunks, amongAt, bestAt, makeRoom, vectorAt } from "./layout";
export { ask, has, put, remove, scaleOf };

/** Sets up for rows of so many numbers; once, before anything else. */
export function open(dimensions: u32): bool {
  if (!layOut(dimensions)) return false;
  drawSigns();
  return true;
}

/** Finds the best rows for the query, into `best`. */
export function search(most: u32, filtered: bool): u32 {
  keepBest(most);
  scan(filtered);
  return kept;
}
