import type { StoredContext } from "../engine/engine.ts";
import type { Component, ContextOf } from "../model/component.ts";

/** float32 bytes, little endian, as an array of its own: the bytes may lie unaligned in somebody's buffer. */
export const toEmbeddings = (bytes: Uint8Array | undefined): Float32Array =>
  bytes === undefined ? new Float32Array(0) : new Float32Array(new Uint8Array(bytes).buffer);

/**
 * A context as its component types it. Only what passed `encodeWrite` is ever stored, which is why its
 * JSON is taken for what the component says it is.
 */
export const decodeContext = <C extends Component>(stored: StoredContext): ContextOf<C> => {
  const context = {
    id: stored.id,
    type: stored.type,
    content: JSON.parse(stored.content),
    embeddings: toEmbeddings(stored.embeddings),
    metadata: JSON.parse(stored.metadata),
    createdAt: new Date(stored.createdAt),
    updatedAt: new Date(stored.updatedAt),
    version: stored.version,
  };
  return context as ContextOf<C>;
};
