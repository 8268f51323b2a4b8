import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key } from "../../engine.ts";
import { compactPartition } from "./compact-partition.ts";
import { loadPartition } from "./load-partition.ts";
import { buildDocuments, createPartition, followChanges, followTexts, type Partition } from "./partition.ts";
import { savePartition } from "./save-partition.ts";
import type { SearchIndex } from "./search-index.ts";
import { inSlices, type Pieces } from "./slices.ts";
import type { StoreReader } from "./store-reader.ts";

/** A partition in memory that follows the store. */
export type Kept = {
  /** What there is of it; all of what `prepare` was called for. */
  readonly partition: () => Partition;
  /** Takes in what stands in the store at this moment, with its texts where they are searched. */
  readonly prepare: (withTexts: boolean) => Promise<void>;
  /**
   * Saves what is worth it, and writes the partition anew where much of it is dead.
   * @returns whether it is of no more use, because the search file has another state
   */
  readonly maintain: () => Promise<boolean>;
};

/** A partition whose slots are dead for more than this part is written anew. */
const deadPart = 1 / 3;
/** What another process saves is taken over only once there is this much more that it did not. */
const patience = 16;
/** Texts that are taken in at once. */
const textsAtOnce = 32;

export const createKept = (key: Key, indexing: Indexing, reader: StoreReader, index: SearchIndex): Kept => {
  let partition = createPartition(key, indexing, index.postings);
  let built = false;
  let useless = false;
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
      if (loading !== "absent") await remove(loading.useless);
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
      if (unsavedTerms() > limits.searchTailTerms) return false;
      yield;
    }
    return true;
  }

  const takeTexts = async (): Promise<void> => {
    while (!(await inSlices(readTexts()))) await save();
  };

  const save = async (): Promise<boolean> => {
    const saved = await index.change(
      () => savePartition(index, partition),
      ({ done }) => done(),
    );
    if (!saved && unsaved() > limits.searchUnsavedDocuments * patience) useless = true;
    return saved;
  };

  const unsavedTerms = (): number => partition.texts.tails().reduce((sum, tail) => sum + tail.size(), 0);

  const unsaved = (): number => {
    const { slots, texted } = partition.mark() ?? { slots: 0, texted: 0 };
    const { documents, texts } = partition;
    return Math.max(documents.size() - slots, texts.size() - texted, partition.deaths().length);
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
    maintain: async () => {
      if (unsaved() >= limits.searchUnsavedDocuments) await save();
      const { documents } = partition;
      const slots = partition.mark()?.slots ?? 0;
      if (slots - documents.live() > slots * deadPart) {
        const compacted = await index.change(
          () => compactPartition(index, partition),
          () => undefined,
        );
        if (compacted) useless = true;
      }
      return useless;
    },
  };
};
