import { ContextbaseError } from "../../base/errors.ts";
import { kernelCode } from "./kernel-code.ts";

/** What of WebAssembly is used here. TypeScript's own types of it come only with those of a browser. */
declare namespace WebAssembly {
  class Module {
    constructor(code: Uint8Array);
  }
  class Instance<Exports> {
    readonly exports: Exports;
    constructor(module: Module);
  }
}

/** An address that the kernel keeps: above 2³¹ it comes as a negative number. */
export type Address = { readonly value: number };

/** What kernel/ compiles to. Numbers are unsigned; what may fail gives 0 where it does. */
export type Kernel = {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** float32: the vector that is put or asked for next. */
  readonly vectorAt: Address;
  /** A bit for each row that may be found, where a search is filtered. */
  readonly amongAt: Address;
  /** What a search found: of each the slot, inverted, and bits that sort like its similarity. */
  readonly bestAt: Address;
  readonly open: (dimensions: number) => number;
  /** Where a chunk begins; it ends where the next does. */
  readonly chunkOf: (chunk: number) => number;
  readonly addChunks: (count: number) => number;
  readonly put: (slot: number) => number;
  readonly remove: (slot: number) => void;
  readonly has: (slot: number) => number;
  readonly scaleOf: (slot: number) => number;
  /** Sketches every row from the middle of every so many-th, and from now on those that are put. */
  readonly sketchAll: (step: number) => void;
  readonly makeRoom: (kept: number) => number;
  readonly ask: () => number;
  /** Selects the rows that may be found, all or those in `among`, and counts them. */
  readonly select: (filtered: number) => number;
  readonly findByRows: (most: number) => number;
  readonly findBySketches: (limit: number, most: number, first: number, rounding: number) => number;
};

/** Rows that the kernel takes memory for at once. */
export const chunkRows = 1_024;

let module: WebAssembly.Module | undefined;

/**
 * A kernel with an empty memory of its own.
 * @throws ContextbaseError `too_large` where the process has no addresses left: each takes ten gibibytes of them, so
 *   that there can be about 16,000
 */
export const createKernel = (): Kernel => {
  module ??= new WebAssembly.Module(Buffer.from(kernelCode, "base64"));
  try {
    return new WebAssembly.Instance<Kernel>(module).exports;
  } catch (cause) {
    throw new ContextbaseError(
      "too_large",
      "The vectors of too many tenants and components are searched at once in this process. Close stores that are " +
        "not needed, or use PostgreSQL.",
      { cause },
    );
  }
};
