import { limits } from "../../../../base/limits.ts";
import { mayPass } from "../file/passing.ts";
import type { SearchIndex } from "../file/search-index.ts";
import { compactPartition } from "./compact-partition.ts";
import type { Partition } from "./partition.ts";
import { savePartition } from "./save-partition.ts";

/** When a partition is saved. What cannot be saved now stays in memory, and is tried again once there is more. */
export type Saving = {
  /** Whether there is enough to save, or so much is dead that it is to be written anew. */
  readonly isDue: () => boolean;
  /** Whether the texts in memory alone are so many that they are to be saved before others are taken in. */
  readonly isFull: () => boolean;
  /** Saves what there is. @throws what is wrong with the search file, unless it passes */
  readonly save: () => Promise<void>;
  /** Writes it anew without what is dead, where that is much. */
  readonly compact: () => Promise<void>;
  /** Whether the search file has another state by now, which is to be loaded in place of this one. */
  readonly isOutdated: () => boolean;
};

/** A partition whose slots are dead for more than this part is written anew. */
const deadPart = 1 / 3;
/** What another process saves is taken over only once there is this much more that it did not. */
const patience = 16;

export const createSaving = (index: SearchIndex, partition: Partition): Saving => {
  let outdated = false;
  /** What there must be to save: more where that was in vain. */
  let leastDocuments: number = limits.searchUnsavedDocuments;
  let mostTerms: number = limits.searchTailTerms;

  const unsaved = (): number => {
    const { documents, texts, mark, deaths, savedVectors } = partition;
    const { slots, texted } = mark() ?? { slots: 0, texted: 0 };
    const documentsUnsaved = documents.size() - Math.min(slots, savedVectors());
    return Math.max(documentsUnsaved, texts.size() - texted, deaths().length);
  };

  const unsavedTerms = (): number => partition.texts.tails().reduce((sum, tail) => sum + tail.size(), 0);

  const isMuchDead = (): boolean => {
    const slots = partition.mark()?.slots ?? 0;
    return slots - partition.documents.live() > slots * deadPart;
  };

  /** @returns whether it was done */
  const attempt = async (work: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await work();
    } catch (cause) {
      if (!mayPass(cause)) throw cause;
      return false;
    }
  };

  const wait = (): void => {
    leastDocuments = unsaved() + limits.searchUnsavedDocuments;
    mostTerms = unsavedTerms() + limits.searchTailTerms;
  };

  return {
    isDue: () => outdated || unsaved() >= leastDocuments || isMuchDead(),
    isFull: () => unsavedTerms() > mostTerms,
    isOutdated: () => outdated,
    save: async () => {
      const saved = await attempt(() =>
        index.change(
          () => savePartition(index, partition),
          ({ done }) => done(),
        ),
      );
      if (saved) {
        leastDocuments = limits.searchUnsavedDocuments;
        mostTerms = limits.searchTailTerms;
      } else if (unsaved() > limits.searchUnsavedDocuments * patience) outdated = true;
      else wait();
    },
    compact: async () => {
      if (!isMuchDead()) return;
      await attempt(() =>
        index.change(
          () => compactPartition(index, partition),
          () => undefined,
        ),
      );
      // Where it was not this one that did it, another process did.
      outdated = true;
    },
  };
};
