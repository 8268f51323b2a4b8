import { setImmediate } from "node:timers/promises";
import { stopwatch } from "../../../../base/clock.ts";
import { limits } from "../../../../base/limits.ts";

/** Work in pieces, none of which takes long, and what it gives at its end. */
export type Pieces<Result = void> = Generator<void, Result>;

/** Does work piece by piece, and lets others have their turn after each slice of time. */
export const inSlices = async <Result>(pieces: Pieces<Result>): Promise<Result> => {
  let begun = stopwatch();
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
    if (stopwatch() - begun < limits.searchSliceMilliseconds) continue;
    await setImmediate();
    begun = stopwatch();
  }
};
