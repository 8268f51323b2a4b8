import type { NewId } from "../base/ids.ts";
import type { Engine, StoredContext } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { isOf } from "../model/embedding-bytes.ts";
import { decodeContext } from "./decode.ts";
import { createEmbedding, type EmbeddingOptions } from "./embedding/embedding.ts";
import { type EncodedWrite, encodeWrite } from "./encode.ts";

/** Makes writes of what stood before. */
export type EarlierWrites = {
  /**
   * What stood as an earlier version, upgraded and checked as all that is stored today.
   * @param version the version that the write is to be; undefined: the next one
   * @throws InvalidContextError where it does not fit its component any more, and what upgrades throw
   */
  readonly encode: (stored: StoredContext, version: number | undefined) => EncodedWrite;
  /** The same with vectors, made anew where an earlier one is missing or of another model. */
  readonly embed: (
    writes: readonly EncodedWrite[],
    options: EmbeddingOptions,
  ) => Promise<readonly EncodedWrite[]>;
};

type EarlierServices = {
  readonly engine: Engine;
  readonly tenant: string;
  readonly newId: NewId;
  readonly now: number;
};

export const createEarlierWrites = (
  component: Component,
  { engine, tenant, newId, now }: EarlierServices,
): EarlierWrites => {
  const embedding = createEmbedding(component, engine, tenant);
  const embeds = component.definition.embeddings?.embed !== undefined;

  return {
    encode: (stored, version) => {
      const { id, type, content, metadata, embeddings } = decodeContext(component, stored);
      // What nobody can make anew is kept, of whichever model it is, as long as its length is the component's.
      const kept =
        stored.embeddings !== undefined && (!embeds || isOf(stored.embeddings, component.indexing));
      const input = { id, type, content, metadata, version, ...(kept && { embeddings }) };
      const { write, body } = encodeWrite(component, input, newId);
      // Who asks for a context back wants it to be there: a time that has passed is not brought back with it.
      const expiresAt = (stored.expiresAt ?? 0) > now ? stored.expiresAt : undefined;
      const earlier = { parent: stored.version, expiresAt, ...(kept && { embeddings: stored.embeddings }) };
      return { write: { ...write, ...earlier }, body };
    },

    embed: async (writes, options) => {
      const without = writes.filter(({ write }) => write.embeddings === undefined);
      if (!embedding || without.length === 0) return writes;
      const made = await embedding(without, options);
      const byId = new Map(made.map((one) => [one.write.id, one]));
      return writes.map((one) => byId.get(one.write.id) ?? one);
    },
  };
};
