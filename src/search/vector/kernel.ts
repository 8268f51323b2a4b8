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

type Address = { readonly value: number };

/** The kernel's memory and functions, as kernel/index.ts has them. Numbers are unsigned, but come back signed. */
export type Kernel = {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly vectorAt: Address;
  readonly amongAt: Address;
  readonly bestAt: Address;
  readonly open: (dimensions: number) => number;
  readonly addChunks: (count: number) => number;
  readonly put: (slot: number) => number;
  readonly remove: (slot: number) => void;
  readonly has: (slot: number) => number;
  readonly scaleOf: (slot: number) => number;
  readonly makeRoom: (kept: number) => number;
  readonly ask: () => number;
  readonly search: (kept: number, filtered: number) => number;
};

let module: WebAssembly.Module | undefined;

/** A kernel with an empty memory of its own. */
export const createKernel = (): Kernel => {
  module ??= new WebAssembly.Module(Buffer.from(kernelCode, "base64"));
  return new WebAssembly.Instance<Kernel>(module).exports;
};
