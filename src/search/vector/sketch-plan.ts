import type { Kernel } from "./kernel.ts";

/** Decides when rows are sketched, and when sketches are worth while. Measured; see docs/decisions/0017. */
export type SketchPlan = {
  readonly noteWritten: () => void;
  /** Whether to look at sketches first; all of them are made where that is due. */
  readonly isWorthwhile: (search: {
    /** Slots that hold a vector, and that there is memory for. */
    readonly size: number;
    readonly rows: number;
    /** Those that may be found. */
    readonly eligible: number;
    readonly limit: number;
  }) => boolean;
  /** How many of those that seem best are compared first, to see what must be reached, where `size` slots hold a vector. */
  readonly first: (limit: number, size: number) => number;
};

/** In a smaller slab all rows are compared nearly as fast. */
const leastRows = 4_096;
/** And where fewer may be found. */
const leastEligible = 4_096;
/** Below it errors of sketches are no sum of many. */
const leastDimensions = 64;
/** Where fewer rows than one in so many may be found, those are compared as fast as all sketches. */
const sparse = 16;
/** Where more is asked for than one in so many, sketches rule too little out. */
const wide = 128;
/** One in so many is compared first, within bounds: to find the best of more takes longer, and spares comparing others. */
const firstPart = 160;
const leastFirst = 64;
const mostFirst = 256;
/** All are sketched anew, from what is the middle now, after so many times as many writes as there were rows. */
const renewal = 3;
/** The middle is taken of about so many rows. */
const middleRows = 8_192;

export const createSketchPlan = (kernel: Kernel, dimensions: number): SketchPlan => {
  let sketchedRows = 0;
  let written = 0;
  const renew = (size: number, rows: number): void => {
    if (written < sketchedRows * renewal) return;
    kernel.sketchAll(Math.max(1, Math.floor(rows / middleRows)));
    sketchedRows = size;
    written = 0;
  };
  return {
    noteWritten: () => {
      written += 1;
    },
    isWorthwhile: ({ size, rows, eligible, limit }) => {
      if (dimensions < leastDimensions || size < leastRows) return false;
      if (eligible < leastEligible || eligible * sparse < rows || eligible < limit * wide) return false;
      renew(size, rows);
      return true;
    },
    first: (limit, size) =>
      Math.max(limit * 2, Math.min(mostFirst, Math.max(leastFirst, Math.floor(size / firstPart)))),
  };
};
