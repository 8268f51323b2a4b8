import { limits } from "../../../../base/limits.ts";
import { chunkRows } from "../../../../search/vector/kernel.ts";
import type { Key } from "../../../engine.ts";
import { hasSlot } from "../../../in-memory/slots.ts";
import type { SavedPartition } from "../file/saved-partitions.ts";
import type { SearchIndex } from "../file/search-index.ts";
import type { Pieces } from "../file/slices.ts";
import type { StoreReader } from "../store/store-reader.ts";
import { decodeSegment } from "./document-segment.ts";
import type { Partition } from "./partition.ts";
import { nameOf } from "./save-partition.ts";

/** What a loading found: a partition that is whole and of this store, none, or one that must go. */
export type Loading = "loaded" | "absent" | { readonly useless: number };

/**
 * Whether the store's change log has what the partition was saved at: else it is another log, or was set back; and so
 * does the log of rewritings.
 */
const isOf = (reader: StoreReader, key: Key, saved: SavedPartition): boolean => {
  if (reader.isRewritten(key, saved.rewrite)) return false;
  const stamp = reader.stampAt(key.tenant, saved.position);
  return stamp !== undefined && stamp.write === saved.write && stamp.at === saved.at;
};

function* loadDocuments(index: SearchIndex, partition: Partition, number: number): Pieces<boolean> {
  const { documents } = partition;
  for (const { first, documents: text } of index.partitions.segments(number)) {
    if (first !== documents.size()) return false;
    for (const document of decodeSegment(text)) documents.add(document);
    yield;
  }
  for (const slot of index.partitions.deaths(number)) {
    const id = documents.ids[slot];
    if (id !== undefined && documents.slotOf(id) === slot) documents.kill(id);
  }
  return true;
}

const loadLengths = (index: SearchIndex, { documents, texts }: Partition, number: number): boolean => {
  for (const { first, lengths } of index.partitions.lengths(number)) {
    if (first !== texts.size()) return false;
    for (let at = 0; at + 4 <= lengths.length; at += 4) {
      texts.load(lengths.readUInt32LE(at), hasSlot(documents.alive(), texts.size()));
    }
  }
  return true;
};

/** Whether the search file has the vectors of so many slots. Of slots that are dead none is kept. */
function* loadVectors(
  { partitions }: SearchIndex,
  { documents, vectors }: Partition,
  { partition, slots }: SavedPartition,
): Pieces<boolean> {
  if (!vectors) return true;
  for (let chunk = 0; chunk * chunkRows < slots; chunk++) {
    const bytes = partitions.vectors(partition, chunk);
    if (!bytes || !vectors.writeChunk(chunk, bytes)) return false;
    for (let slot = chunk * chunkRows; slot < (chunk + 1) * chunkRows; slot++)
      if (slot >= slots || !hasSlot(documents.alive(), slot)) vectors.kill(slot);
    yield;
  }
  return true;
}

/** Reads the vectors of the documents that stand as they were saved. */
function* readVectors({ key, documents, vectors, reading }: Partition, reader: StoreReader): Pieces {
  if (!vectors) return;
  for (let after = 0; ; ) {
    const rows = reader.embeddings(key, after, limits.searchReadDocuments);
    for (const [id, version, , embedding] of rows) {
      const slot = documents.slotOf(id);
      if (slot !== undefined && documents.versions.array[slot] === version)
        vectors.add(slot, reading.embeddingOf(embedding));
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last[2];
    yield;
  }
}

/** Fills a partition that is empty with what the search file has of it. */
export function* loadPartition(
  index: SearchIndex,
  partition: Partition,
  reader: StoreReader,
): Pieces<Loading> {
  const saved = index.partitions.find(nameOf(partition));
  if (!saved) return "absent";
  const { documents, texts } = partition;
  const useless = { useless: saved.partition };
  if (!isOf(reader, partition.key, saved)) return useless;
  if (!(yield* loadDocuments(index, partition, saved.partition))) return useless;
  if (!loadLengths(index, partition, saved.partition)) return useless;
  if (documents.size() !== saved.slots || texts.size() !== saved.texted) return useless;
  if (yield* loadVectors(index, partition, saved)) partition.markVectors(saved.slots);
  else yield* readVectors(partition, reader);
  const { position, write, at, rewrite, ...mark } = saved;
  partition.moveTo({ position, write, at, rewrite });
  partition.markAs(mark);
  return "loaded";
}
