import { numbersIn, push, reserve, wholeNumbers } from "../../../in-memory/number-list.ts";

/** Where a term stands: slots, rising, how often in each, and its places in them, one after another. */
export type TermPlaces = {
  readonly slots: ArrayLike<number>;
  readonly frequencies: ArrayLike<number>;
  readonly positions: ArrayLike<number>;
};

/** Makes places of one term from pairs of slot and position, rising. What it gives holds until it is called again. */
export const createGrouping = (): ((pairs: Uint32Array, from: number, to: number) => TermPlaces) => {
  const [slots, frequencies, positions] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  return (pairs, from, to) => {
    for (const list of [slots, frequencies, positions]) {
      list.length = 0;
      reserve(list, (to - from) / 2);
    }
    let last = -1;
    for (let at = from; at < to; at += 2) {
      const slot = pairs[at] ?? 0;
      if (slot === last) {
        const times = frequencies.length - 1;
        frequencies.array[times] = (frequencies.array[times] ?? 0) + 1;
      } else {
        push(slots, slot);
        push(frequencies, 1);
        last = slot;
      }
      push(positions, pairs[at + 1] ?? 0);
    }
    return {
      slots: numbersIn(slots),
      frequencies: numbersIn(frequencies),
      positions: numbersIn(positions),
    };
  };
};
