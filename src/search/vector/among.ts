import type { Kernel } from "./kernel.ts";

/** Slots: ascending numbers, or a bit for each, from the lowest bit of the first byte on. */
export type Among = Uint32Array | Uint8Array;

/** Writes which of `rows` slots may be found to where the kernel looks for it. */
export const writeAmong = ({ memory, amongAt }: Kernel, among: Among, rows: number): void => {
  const bits = new Uint8Array(memory.buffer, amongAt.value >>> 0, rows / 8);
  if (among instanceof Uint8Array) {
    bits.set(among.subarray(0, bits.length));
    bits.fill(0, among.length);
    return;
  }
  bits.fill(0);
  for (const slot of among) if (slot < rows) bits[slot >>> 3] = (bits[slot >>> 3] ?? 0) | (1 << (slot & 7));
};
