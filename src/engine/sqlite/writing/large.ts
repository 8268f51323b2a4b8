import { limits } from "../../../base/limits.ts";
import type { Entry, WriteGroup } from "../../engine.ts";
import { sizeOfEntry, sizeOfGroup } from "../../size.ts";

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Whether a commit goes to the writer thread: on the event loop it would hold everything else up. */
export const isLargeCommit = (groups: readonly WriteGroup[]): boolean =>
  sum(groups.map(({ writes }) => writes.length)) > limits.inlineWrites ||
  sum(groups.map(sizeOfGroup)) > limits.inlineBytes;

/** The same of entries of another store. */
export const isLargeRestore = (entries: readonly Entry[]): boolean =>
  entries.length > limits.inlineWrites || sum(entries.map(sizeOfEntry)) > limits.inlineBytes;
