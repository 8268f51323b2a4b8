/** The hash of a word, taken up character by character: FNV-1a (Fowler, Noll and Vo). */
export const firstHash = 0x811c9dc5;

export const nextHash = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

/** A table goes by the lowest bits, which the last character alone would decide. */
export const lastHash = (hash: number): number => hash ^ (hash >>> 15);
