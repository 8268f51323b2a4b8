import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key } from "../../engine.ts";
import { loadPartition } from "./load-partition.ts";
import { buildDocuments, createPartition, followChanges, followTexts, type Partition } from "./partition.ts";
import { mayPass } from "./passing.ts";
import { createSaving } from "./saving.ts";
import type { SearchIndex } from "./search-index.ts";
import { inSlices, type Pieces } from "./slices.ts";
import type { StoreReader } from "./store-reader.ts";

/** A partition in memory that follows the store. */
export type Kept = {
  /** What there is of it; all of what `prepare` was called for. */
  readonly partition: () => Partition;
  /** Takes in what stands in the store at this moment, with its texts where they are searched. */
  readonly prepare: (withTexts: boolean) => Promise<void>;
  /** Whether there is something to maintain. */
  readonly isDue: () => boolean;
  /** Saves what is worth it, and writes the partition anew where much of it is dead. */
  readonly maintain: () => Promise<void>;
  /** Whether it is of no more use, because the search file has another state. */
  readonly isUseless: () => boolean;
  /** How much memory it takes, roughly. */
  readonly bytes: () => number;
};

/** Texts that are taken in at once. */
const textsAtOnce = 32;

export const createKept = (key: Key, indexing: Indexing, reader: StoreReader, index: SearchIndex): Kept => {
  let partition = createPartition(key, indexing, index.postings);
  let built = false;
  const saving = createSaving(index, () => partition);
  const turns: { documents: Promise<void>; texts: Promise<void> } = {
    documents: Promise.resolve(),
    texts: Promise.resolve(),
  };

  const build = async (): Promise<void> => {
    const started = createPartition(key, indexing, index.postings);
    const loading = await index.look(() => loadPartition(index, started, reader));
    if (loading === "loaded") {
      partition = started;
    } else {
      if (loading !== "absent") await remove(loading.useless).catch(ignorePassing);
      partition = createPartition(key, indexing, index.postings);
      await inSlices(buildDocuments(partition, reader));
    }
    built = true;
  };

  const remove = async (number: number): Promise<void> => {
    function* removal(): Pieces<true> {
      index.partitions.remove(number);
      yield;
      return true;
    }
    await index.change(removal, () => undefined);
  };

  /** Goes as far as the store was when this was called. */
  function* catchUp(): Pieces {
    const goal = reader.lastPosition(key.tenant);
    while (partition.stamp().position < goal) {
      reader.together(() => followChanges(partition, reader, limits.searchReadDocuments));
      yield;
    }
  }

  const takeDocuments = async (): Promise<void> => {
    if (!built) await build();
    await inSlices(catchUp());
  };

  /** Texts until there are none left, or as many as are to be saved first. */
  function* readTexts(): Pieces<boolean> {
    while (!reader.together(() => followTexts(partition, reader, textsAtOnce))) {
      if (saving.isFull()) return false;
      yield;
    }
    return true;
  }

  const takeTexts = async (): Promise<void> => {
    while (!saving.isUseless() && !(await inSlices(readTexts()))) await saving.save();
  };

  const inTurn = (kind: "documents" | "texts", work: () => Promise<void>): Promise<void> => {
    const taken = turns[kind].then(work);
    turns[kind] = taken.catch(() => undefined);
    return taken;
  };

  return {
    partition: () => partition,
    prepare: async (withTexts) => {
      await inTurn("documents", takeDocuments);
      if (withTexts) await inTurn("texts", takeTexts);
    },
    isDue: () => built && saving.isDue(),
    maintain: async () => {
      if (!saving.isDue()) return;
      await saving.save();
      await saving.compact();
    },
    isUseless: saving.isUseless,
    bytes: () => {
      const { documents, vectors, texts } = partition;
      return documents.size() * documentBytes + (vectors?.bytes() ?? 0) + texts.held() * numberBytes;
    },
  };
};

/** What a document takes in memory, with an id of usual length and some columns. */
const documentBytes = 300;
const numberBytes = 4;

const ignorePassing = (cause: unknown): void => {
  if (!mayPass(cause)) throw cause;
};
