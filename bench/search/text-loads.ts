import { rm } from "node:fs/promises";
import { type Contender, interleave, speedRatio, spreadOf } from "../rounds.ts";
import { type Line, milliseconds } from "./lines.ts";
import { openTexts, type Texts } from "./texts.ts";

type Load = {
  /** Where the store that can be searched is left. */
  readonly path: string;
  readonly key: Uint8Array;
  readonly texts: readonly string[];
  readonly rounds: number;
  /** What is asked first. */
  readonly question: string;
};

const [searched, plain] = ["searched by text", "not searched"];

/**
 * A load of texts that can be searched, until the first search answers, to one of texts that cannot be; each round
 * into new stores.
 */
export const measureTextLoads = async ({ path, key, texts, rounds, question }: Load): Promise<Line> => {
  const loader = (name: string, file: string): Contender & { readonly close: () => Promise<void> } => {
    let store: Texts | undefined;
    return {
      name,
      operations: 1,
      prepare: async () => {
        await store?.close();
        await removeStore(file);
        store = await openTexts(file, key, name === searched);
      },
      work: async () => {
        await store?.load(texts);
        if (name === searched) await store?.search(question);
      },
      close: async () => store?.close(),
    };
  };
  const loaders = [loader(searched, path), loader(plain, `${path}-plain`)];
  const times = await interleave(loaders, rounds, 0);
  for (const { close } of loaders) await close();
  const spread = speedRatio(times, plain, searched);
  const inWords = (name: string): string => milliseconds(spreadOf(times.get(name) ?? []).median);
  return {
    what: `load of ${texts.length.toLocaleString("en")} and the first search: time`,
    against: "load of texts that are not searched",
    value: spread.median,
    spread,
    ours: inWords(searched),
    theirs: inWords(plain),
  };
};

const removeStore = async (path: string): Promise<void> => {
  for (const suffix of ["", "-wal", "-shm", "-search", "-search-wal", "-search-shm"])
    await rm(`${path}${suffix}`, { force: true });
};
