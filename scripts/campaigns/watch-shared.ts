import type { Change, Contextbase } from "../../src/index.ts";
import { defineComponent, openContextbase } from "../../src/index.ts";
import { key, Thing } from "./journal.ts";

/** A second component, so that a watch of one has something to leave out. */
export const Matter = defineComponent({ name: "Matter" });

export const components = [Thing, Matter];

/** All ids that the campaign writes, so that their histories can be read at the end. */
export const ids = Array.from({ length: 400 }, (_, n) => `id-${n}`);

export const open = (url: string): Promise<Contextbase> =>
  openContextbase({ url, components, ...(url.startsWith("file:") && { key }) });

/** A change as a line of a watcher's record. */
export type Told = Omit<Change, "at"> & { readonly at: string };

/**
 * What a watcher recorded, line by line; what a kill cut off of the last line is no line.
 * @returns the changes, and how many bytes of the file they take
 */
export const readRecord = (text: string): { told: Told[]; bytes: number } => {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = whole.split("\n").filter((line) => line !== "");
  return { told: lines.map((line): Told => JSON.parse(line)), bytes: Buffer.byteLength(whole) };
};
