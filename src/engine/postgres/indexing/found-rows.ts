import { setImmediate } from "node:timers/promises";
import { stopwatch } from "../../../base/clock.ts";
import type { Indexing } from "../../../model/indexing.ts";
import { integerArray, realArray, textArray } from "../connection/binary-array.ts";
import type { Value } from "../connection/trip.ts";
import { type TextRow, textRowOf } from "./text-rows.ts";
import { vectorRowOf } from "./vector-rows.ts";

/** What is kept of a context so that it can be found by its text and its vector. */
export type FoundRow = {
  readonly text?: TextRow | undefined;
  readonly vector?: Float32Array | undefined;
  readonly tag?: string;
};

/** A context as it is written; undefined content: it is deleted. */
export type Body = {
  readonly component: string;
  readonly content?: string;
  readonly metadata?: string;
  readonly embeddings?: Uint8Array | undefined;
};

/** Cutting texts into terms takes time: the event loop is not kept for longer than this. */
const turnMilliseconds = 5;

/** @returns in their order; empty where nothing of them is searched */
export const foundRows = async (
  tenant: string,
  bodies: readonly Body[],
  of: (component: string) => Indexing | undefined,
): Promise<FoundRow[]> => {
  const isSearched = ({ component }: Body): boolean => {
    const indexing = of(component);
    return indexing !== undefined && (indexing.searchText.length > 0 || indexing.dimensions !== undefined);
  };
  if (!bodies.some(isSearched)) return [];
  const rows: FoundRow[] = [];
  let began = stopwatch();
  for (const { component, content, metadata = "{}", embeddings } of bodies) {
    const indexing = of(component);
    if (indexing === undefined || content === undefined) rows.push({});
    else {
      const text = textRowOf({ tenant, component }, indexing, content, metadata);
      rows.push({ text, vector: vectorRowOf(indexing, embeddings), tag: indexing.tag });
    }
    if (stopwatch() - began < turnMilliseconds) continue;
    await setImmediate();
    began = stopwatch();
  }
  return rows;
};

/** The columns that `foundInput` reads. */
export const foundValues = (rows: readonly FoundRow[], vectors: boolean): Value[] => {
  const each = <Result>(take: (row: FoundRow) => Result): Result[] => rows.map(take);
  const texts = [
    textArray(each(({ text }) => text?.rules)),
    integerArray(each(({ text }) => text?.length)),
    textArray(each(({ text }) => text?.terms)),
  ];
  if (!vectors) return texts;
  let start = 0;
  const starts = rows.map(({ vector }) => {
    if (!vector) return undefined;
    start += vector.length;
    return start - vector.length;
  });
  return [
    ...texts,
    integerArray(each(({ vector }) => vector?.length)),
    textArray(each(({ tag }) => tag ?? "")),
    integerArray(starts),
    realArray(each(({ vector }) => vector).filter((vector) => vector !== undefined)),
  ];
};
