import { limits } from "../../../../base/limits.ts";
import type { Indexing } from "../../../../model/indexing.ts";
import type { Key } from "../../../engine.ts";
import { createDocuments, type Documents } from "../../../in-memory/documents.ts";
import { hasSlot } from "../../../in-memory/slots.ts";
import { createVectors, type Vectors } from "../../../in-memory/vectors.ts";
import type { Mark } from "../file/saved-partitions.ts";
import type { SavedPostings } from "../file/saved-postings.ts";
import { readSlots } from "../store/read-slots.ts";
import { createDocumentReading, type DocumentReading } from "../store/reading-documents.ts";
import { beginning, type DocumentRow, type Stamp, type StoreReader } from "../store/store-reader.ts";
import { createTextIndex, type TextIndex } from "../text/text-index.ts";

/** What is known of the contexts of one component of one tenant, up to a place in the change log. */
export type Partition = {
  readonly key: Key;
  readonly indexing: Indexing;
  readonly reading: DocumentReading;
  readonly documents: Documents;
  readonly texts: TextIndex;
  readonly vectors: Vectors | undefined;
  readonly stamp: () => Stamp;
  readonly moveTo: (stamp: Stamp) => void;
  /** What the search file has of it; undefined: nothing. */
  readonly mark: () => Mark | undefined;
  readonly markAs: (mark: Mark | undefined) => void;
  /** How many slots have their vectors in the search file. */
  readonly savedVectors: () => number;
  readonly markVectors: (slots: number) => void;
  /** Slots that died, and of whom the search file does not know it, in the order of their deaths. */
  readonly deaths: () => readonly number[];
  readonly forgetDeaths: (count: number) => void;
  /**
   * Takes a context as it stands; one that is known in this version changes nothing.
   * @param anew unless it was rewritten since
   */
  readonly take: (id: string, row: DocumentRow | undefined, anew?: boolean) => void;
};

export const createPartition = (key: Key, indexing: Indexing, saved: SavedPostings): Partition => {
  const reading = createDocumentReading(indexing);
  const documents = createDocuments(reading.paths, indexing);
  let mark: Mark | undefined;
  let savedVectors = 0;
  let deaths: number[] = [];
  const texts = createTextIndex(saved, () => mark);
  const vectors = indexing.dimensions === undefined ? undefined : createVectors(indexing.dimensions);
  let stamp = beginning;

  const kill = (id: string): void => {
    const slot = documents.kill(id);
    if (slot === undefined) return;
    deaths.push(slot);
    texts.kill(slot);
    vectors?.kill(slot);
  };

  return {
    key,
    indexing,
    reading,
    documents,
    texts,
    vectors,
    stamp: () => stamp,
    moveTo: (next) => {
      stamp = next;
    },
    mark: () => mark,
    markAs: (next) => {
      mark = next;
    },
    savedVectors: () => savedVectors,
    markVectors: (slots) => {
      savedVectors = slots;
    },
    deaths: () => deaths,
    forgetDeaths: (count) => {
      deaths = deaths.slice(count);
    },
    take: (id, row, anew = false) => {
      if (!row || row.deleted === 1) return kill(id);
      const slot = documents.slotOf(id);
      if (!anew && slot !== undefined && documents.versions.array[slot] === row.version) return;
      kill(id);
      const added = documents.add(reading.toDocument(row));
      vectors?.add(added, reading.embeddingOf(row.embeddings));
    },
  };
};

/**
 * Takes in what upgrades rewrote, which no change tells of: what was rewritten together at once, up to `most` or few
 * more.
 * @returns whether nothing is left
 */
const followRewrites = (partition: Partition, reader: StoreReader, most: number): boolean => {
  const { key, reading, documents, take } = partition;
  for (let taken = 0; taken < most; ) {
    const stamp = partition.stamp();
    const next = reader.nextRewrite(key, stamp.rewrite);
    if (!next) return true;
    const ids = next.ids ?? documents.ids.filter((id, slot) => documents.slotOf(id) === slot);
    for (const id of ids) take(id, reader.document(key, id, reading.reading), true);
    taken += ids.length;
    partition.moveTo({ ...stamp, rewrite: next.rewrite });
  }
  return reader.lastRewrite(key) === partition.stamp().rewrite;
};

/**
 * Takes in changes of the store, up to `most` of them, as part of one reading.
 * @returns whether nothing is left
 */
export const followChanges = (partition: Partition, reader: StoreReader, most: number): boolean => {
  const { key, reading, take } = partition;
  const { position, rewrite } = partition.stamp();
  const last = reader.lastPosition(key.tenant);
  if (last === position) return followRewrites(partition, reader, most);
  const upTo = Math.min(last, position + most);
  for (const id of reader.changed(key, position, upTo)) take(id, reader.document(key, id, reading.reading));
  const stamp = reader.stampAt(key.tenant, upTo);
  if (!stamp) throw new Error(`the log has no change ${upTo}`);
  partition.moveTo({ ...stamp, rewrite });
  return upTo === last && followRewrites(partition, reader, most);
};

/**
 * Takes in the texts of documents that have none yet, up to `most` of them.
 * @returns whether nothing is left
 */
export const followTexts = (partition: Partition, reader: StoreReader, most: number): boolean => {
  const { documents, texts, reading, indexing } = partition;
  if (indexing.searchText.length === 0) return true;
  const upTo = Math.min(documents.size(), texts.size() + most);
  const live: number[] = [];
  for (let slot = texts.size(); slot < upTo; slot++) if (hasSlot(documents.alive(), slot)) live.push(slot);
  const bodies = readSlots(partition, live, reader, reading.textReading);
  for (let slot = texts.size(); slot < upTo; slot++) {
    const row = hasSlot(documents.alive(), slot) ? bodies.get(documents.ids[slot] ?? "") : undefined;
    texts.add(row && reading.toTexts(row));
  }
  return upTo === documents.size();
};

/** Reads what stands, in the order of its first writing, in several readings, so that none of them is long. */
export function* buildDocuments(partition: Partition, reader: StoreReader): Generator<void> {
  const { key, reading, take } = partition;
  const begun = reader.together(() => ({
    ...(reader.stampAt(key.tenant, reader.lastPosition(key.tenant)) ?? beginning),
    rewrite: reader.lastRewrite(key),
  }));
  for (let place = 0; ; ) {
    const rows = reader.documents(key, place, begun.position, limits.searchReadDocuments, reading.reading);
    for (const row of rows) take(row.id, row);
    const last = rows.at(-1);
    if (!last) break;
    place = last.place;
    yield;
  }
  partition.moveTo(begun);
}
