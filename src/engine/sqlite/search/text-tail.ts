/** Where a term stands in the documents of the tail: slots, rising, how often, and its places, one after another. */
export type TailPostings = {
  readonly slots: number[];
  readonly frequencies: number[];
  readonly positions: number[];
};

/** The postings of documents that are not in the search file yet, in memory. */
export type TextTail = {
  readonly terms: ReadonlyMap<string, TailPostings>;
  /** How many postings it has, to judge its size by. */
  readonly size: () => number;
  readonly add: (slot: number, positions: ReadonlyMap<string, readonly number[]>) => void;
};

export const createTextTail = (): TextTail => {
  const terms = new Map<string, TailPostings>();
  let size = 0;
  return {
    terms,
    size: () => size,
    add: (slot, positions) => {
      size += positions.size;
      for (const [term, at] of positions) {
        const known = terms.get(term);
        if (known) {
          known.slots.push(slot);
          known.frequencies.push(at.length);
          for (const position of at) known.positions.push(position);
        } else {
          terms.set(term, { slots: [slot], frequencies: [at.length], positions: at.slice() });
        }
      }
    },
  };
};
