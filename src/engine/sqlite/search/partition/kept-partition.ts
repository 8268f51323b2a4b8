import { limits } from "../../../../base/limits.ts";
import type { Indexing } from "../../../../model/indexing.ts";
import type { Key } from "../../../engine.ts";
import { mayPass } from "../file/passing.ts";
import type { SearchIndex } from "../file/search-index.ts";
import { inSlices, type Pieces } from "../file/slices.ts";
import type { Stamp, StoreReader } from "../store/store-reader.ts";
import { loadPartition } from "./load-partition.ts";
import { buildDocuments, createPartition, followChanges, followTexts, type Partition } from "./partition.ts";
import { createSaving } from "./saving.ts";

/** A partition in memory that follows the store. */
export type Kept = {
  /** What there is of it; all of what `prepare` was called for. */
  readonly partition: () => Partition;
  /** Takes in what stands in the store at this moment, with its texts where they are searched. */
  readonly prepare: (withTexts: boolean) => Promise<void>;
  /** Whether there is something to maintain. While much is being written, what is in memory waits for the rest. */
  readonly isDue: () => boolean;
  /** Saves what is worth it, and writes the partition anew where much of it is dead. */
  readonly maintain: () => Promise<void>;
  /** Takes documents in, which is fast, and saves what is worth it, with those texts that were taken in before. */
  readonly keep: () => Promise<void>;
  /** How much memory it takes, roughly. */
  readonly bytes: () => number;
};

/** Texts that are taken in at once. */
const textsAtOnce = 32;

export const createKept = (key: Key, indexing: Indexing, reader: StoreReader, index: SearchIndex): Kept => {
  const newPartition = (): Partition => createPartition(key, indexing, index.postings);
  let partition = newPartition();
  let saving = createSaving(index, partition);
  let built = false;
  const turns: { documents: Promise<void>; texts: Promise<void> } = {
    documents: Promise.resolve(),
    texts: Promise.resolve(),
  };

  const use = (made: Partition): void => {
    partition = made;
    saving = createSaving(index, made);
    built = true;
  };

  /** Takes what the search file has, where that is of use. */
  const load = async (): Promise<Partition | undefined> => {
    const loaded = newPartition();
    const loading = await index.look(() => loadPartition(index, loaded, reader));
    if (loading === "loaded") return loaded;
    if (loading !== "absent") await remove(loading.useless).catch(ignorePassing);
    return undefined;
  };

  /** Nobody sees a partition before it is whole. */
  const build = async (): Promise<void> => {
    let made = await load();
    if (!made) {
      made = newPartition();
      await inSlices(buildDocuments(made, reader));
    }
    use(made);
  };

  /** Exchanges what is outdated. Until the other one is there, searches go by what they know. */
  const exchange = async (): Promise<void> => {
    const before = partition;
    const loaded = await load();
    if (!loaded) {
      built = false;
      return;
    }
    await inSlices(catchUp(loaded));
    if (before.texts.size() > 0) await inSlices(readTexts(loaded));
    use(loaded);
    const number = before.mark()?.partition;
    if (number !== undefined && number !== loaded.mark()?.partition)
      await remove(number).catch(ignorePassing);
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
  function* catchUp(following: Partition): Pieces {
    const goal = { position: reader.lastPosition(key.tenant), rewrite: reader.lastRewrite(key) };
    const isBehind = ({ position, rewrite }: Stamp): boolean =>
      position < goal.position || rewrite < goal.rewrite;
    while (isBehind(following.stamp())) {
      reader.together(() => followChanges(following, reader, limits.searchReadDocuments));
      yield;
    }
  }

  const takeDocuments = async (): Promise<void> => {
    if (!built || reader.isRewritten(key, partition.stamp().rewrite)) await build();
    await inSlices(catchUp(partition));
  };

  /** Texts until there are none left, or as many as are to be saved first. */
  function* readTexts(following: Partition): Pieces<boolean> {
    while (!reader.together(() => followTexts(following, reader, textsAtOnce))) {
      if (saving.isFull()) return false;
      yield;
    }
    return true;
  }

  const takeTexts = async (): Promise<void> => {
    while (!(await inSlices(readTexts(partition)))) {
      await saving.save();
      if (saving.isOutdated()) await exchange();
      if (!built) await takeDocuments();
    }
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
    isDue: () => built && saving.isDue() && reader.lastPosition(key.tenant) === partition.stamp().position,
    maintain: async () => {
      if (!saving.isDue()) return;
      await saving.save();
      await saving.compact();
      if (saving.isOutdated()) await exchange();
    },
    keep: async () => {
      await inTurn("documents", takeDocuments);
      if (saving.isDue()) await saving.save();
    },
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
