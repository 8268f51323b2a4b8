import { LRUCache } from "lru-cache";
import { limits } from "../../../base/limits.ts";
import { isOf, toVector } from "../../../model/embedding-bytes.ts";
import type { Indexing } from "../../../model/indexing.ts";
import { bodyPathsOf } from "../../../model/path.ts";
import type { Key, Standing, StoredContext } from "../../engine.ts";
import { valuesAt } from "../../in-memory/body-values.ts";
import type { Value } from "../../in-memory/column.ts";
import { createDocuments, type Documents } from "../../in-memory/documents.ts";
import { createVectors, type Vectors } from "../../in-memory/vectors.ts";
import type { Stamp } from "./stamp.ts";

/**
 * What searches by vector need of the contexts of one component of one tenant, in this process's memory, as it stood at
 * a place in the change log. The embeddings are here as they are stored, beside the rounded ones that are scanned: so
 * the nearest are known without the server, which has only to say that nothing changed.
 */
export type Mirror = {
  readonly key: Key;
  readonly indexing: Indexing;
  readonly documents: Documents;
  readonly vectors: Vectors;
  readonly stamp: () => Stamp;
  readonly moveTo: (stamp: Stamp) => void;
  /** The embedding of a slot, as it is stored; undefined where it is none that is searched, or the slot is dead. */
  readonly embeddingAt: (slot: number) => Uint8Array | undefined;
  /** Takes a context as it stands; one that is known in this version changes nothing. */
  readonly take: (context: Standing) => void;
  readonly drop: (id: string) => void;
  /** A context itself in this version, where it is at hand. */
  readonly contextOf: (id: string, version: number) => StoredContext | undefined;
  /** Keeps contexts at hand, in the version that is known; those go first that no search came upon for longest. */
  readonly keep: (contexts: Iterable<StoredContext>) => void;
  /** About how much memory it takes without contexts that are at hand, and with them. */
  readonly bytes: () => number;
  readonly allBytes: () => number;
  /** Whether so many slots died that it is worth to make it anew. */
  readonly isWorn: () => boolean;
};

/** A slot in all lists, and in the map of ids. */
const slotBytes = 200;

const isSearched = (embedding: Uint8Array, indexing: Indexing): boolean =>
  isOf(embedding, indexing) && toVector(embedding).some((value) => value !== 0);

const sizeOf = (id: string, values: readonly Value[]): number =>
  slotBytes + 2 * (id.length + JSON.stringify(values).length);

const sizeOfContext = ({ content, metadata }: StoredContext): number =>
  slotBytes + content.length + metadata.length;

/** @param contextBytes memory of contexts that are at hand */
export const createMirror = (key: Key, indexing: Indexing, begun: Stamp, contextBytes: number): Mirror => {
  const paths = bodyPathsOf(indexing.paths);
  // Neighbours in threads are no matter of vectors.
  const documents = createDocuments(paths, { thread: [], order: undefined });
  const vectors = createVectors(indexing.dimensions ?? 0);
  const embeddings: (Uint8Array | undefined)[] = [];
  const contexts = new LRUCache<string, StoredContext>({
    maxSize: contextBytes,
    sizeCalculation: sizeOfContext,
  });
  let stamp = begun;
  let bytes = 0;

  const keep: Mirror["keep"] = (some) => {
    for (const context of some) {
      const slot = documents.slotOf(context.id);
      if (slot === undefined || documents.versions.array[slot] !== context.version) continue;
      // Their embeddings are kept by slot.
      contexts.set(context.id, { ...context, embeddings: undefined });
    }
  };

  const drop = (id: string): void => {
    contexts.delete(id);
    const slot = documents.kill(id);
    if (slot === undefined) return;
    vectors.kill(slot);
    bytes -= embeddings[slot]?.length ?? 0;
    embeddings[slot] = undefined;
  };

  const take = (context: Standing): void => {
    const { id, version } = context;
    const known = documents.slotOf(id);
    if (known !== undefined && documents.versions.array[known] === version) return;
    drop(id);
    const values = valuesAt(paths, context);
    const slot = documents.add({ ...context, values });
    const { embeddings: bytesOf } = context;
    // A copy: what came lies in a buffer that is larger.
    const embedding = bytesOf && isSearched(bytesOf, indexing) ? new Uint8Array(bytesOf) : undefined;
    embeddings[slot] = embedding;
    vectors.add(slot, embedding);
    bytes += sizeOf(id, values) + (embedding?.length ?? 0);
    if (embedding) keep([context]);
  };

  return {
    key,
    indexing,
    documents,
    vectors,
    stamp: () => stamp,
    moveTo: (next) => {
      stamp = next;
    },
    embeddingAt: (slot) => embeddings[slot],
    take,
    drop,
    contextOf: (id, version) => {
      const context = contexts.get(id);
      return context?.version === version ? context : undefined;
    },
    keep,
    bytes: () => bytes + vectors.bytes(),
    allBytes: () => bytes + vectors.bytes() + contexts.calculatedSize,
    isWorn: () => documents.size() > 2 * documents.live() + limits.mirrorDeadContexts,
  };
};
