import { ContextbaseError } from "../../base/errors.ts";
import type { Engine, StoredContext } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { isOf, isSameVector, toEmbeddingBytes, toVector } from "../../model/embedding-bytes.ts";
import { decodeStored } from "../decode.ts";
import type { EncodedWrite } from "../encode.ts";
import { embedTexts } from "./embed-texts.ts";
import { embeddedText } from "./embedded-text.ts";

/** Vectors that were made, by their texts. */
export type MadeVectors = Map<string, Float32Array>;

export type EmbeddingOptions = {
  readonly signal: AbortSignal | undefined;
  /** The id of the write, where the caller gave one: what it did once is not embedded again. */
  readonly write: string | undefined;
  /** What stands, where it was read already. */
  readonly standing?: StoredContext | undefined;
  /** Where vectors are kept from one try to the next. */
  readonly made?: MadeVectors;
};

/**
 * Gives each write its vector, before it is made: that of its text where the caller gave none, or carried along the
 * one that stands while the text changed. A vector whose text did not change is kept, and one that a caller made
 * otherwise is trusted.
 * @throws ContextbaseError embedding_failed, embedding_unavailable, and what the engine throws; the signal's reason
 */
export type Embedding = (
  encoded: readonly EncodedWrite[],
  options: EmbeddingOptions,
) => Promise<readonly EncodedWrite[]>;

/** The embedding of a write, or the text that it is to be made of. */
type Choice = { readonly bytes: Uint8Array | undefined } | { readonly text: string };

/** How many contexts of a batch are read at once to see what stands. */
const readAtOnce = 500;

const withEmbeddings = (one: EncodedWrite, bytes: Uint8Array | undefined): EncodedWrite => ({
  write: { ...one.write, embeddings: bytes },
  body: { ...one.body, embeddings: toVector(bytes) },
});

const choose = (component: Component, one: EncodedWrite, standing: StoredContext | undefined): Choice => {
  const { write, body } = one;
  const bytes = write.embeddings;
  const old = standing?.embeddings;
  const carried = bytes !== undefined && isSameVector(bytes, old);
  // The caller's own; or the write comes too late, and is going to be refused.
  if ((bytes && !carried) || (standing && write.version !== undefined && write.version <= standing.version))
    return { bytes };
  // What others made stays of the model that they named.
  if (!component.definition.embeddings?.embed) return { bytes: carried ? old : bytes };
  const text = embeddedText(component, body);
  if (text === "" && !carried) return { bytes: undefined };
  if (standing && old && isOf(old, component.indexing) && isTextOf(component, text, one, standing))
    return { bytes: old };
  return text === "" ? { bytes: undefined } : { text };
};

/** Whether the text of a write is that of what stands, as its vector was made of it. Nobody knows of what is damaged. */
const isTextOf = (
  component: Component,
  text: string,
  { write }: EncodedWrite,
  standing: StoredContext,
): boolean => {
  if (standing.content === write.content && standing.metadata === write.metadata) return true;
  try {
    return text === embeddedText(component, decodeStored(standing));
  } catch (cause) {
    if (cause instanceof ContextbaseError) return false;
    throw cause;
  }
};

/** @returns undefined where vectors are the caller's alone, and of no model that is named */
export const createEmbedding = (
  component: Component,
  engine: Engine,
  tenant: string,
): Embedding | undefined => {
  const { tag } = component.indexing;
  const embeds = component.definition.embeddings?.embed !== undefined;
  if (!embeds && tag === "") return undefined;

  /** What stands, of those whose vector depends on it. */
  const readStanding = async (
    encoded: readonly EncodedWrite[],
  ): Promise<ReadonlyMap<string, StoredContext>> => {
    const ids = encoded
      .filter(({ write }) => !write.made && (embeds || write.embeddings !== undefined))
      .map(({ write }) => write.id);
    if (ids.length === 0) return new Map();
    const found = await engine.read({ tenant, component: component.name }, ids);
    return new Map(found.flatMap((stored) => (stored ? [[stored.id, stored]] : [])));
  };

  const chooseAll = async (
    encoded: readonly EncodedWrite[],
    given: StoredContext | undefined,
  ): Promise<Choice[]> => {
    const choices: Choice[] = [];
    for (let at = 0; at < encoded.length; at += readAtOnce) {
      if (at > 0) await new Promise(setImmediate);
      const some = encoded.slice(at, at + readAtOnce);
      const standing = given ? new Map([[given.id, given]]) : await readStanding(some);
      for (const one of some) choices.push(choose(component, one, standing.get(one.write.id)));
    }
    return choices;
  };

  return async (encoded, { signal, write, standing, made = new Map() }) => {
    const choices = await chooseAll(encoded, standing);
    const texts = choices.flatMap((choice) => ("text" in choice ? [choice.text] : []));
    const missing = [...new Set(texts)].filter((text) => !made.has(text));
    if (missing.length > 0) {
      if (write !== undefined && (await engine.findWrite(tenant, write))) return encoded;
      const vectors = await embedTexts(component, missing, signal);
      for (const [index, vector] of vectors.entries()) made.set(missing[index] ?? "", vector);
    }
    return encoded.map((one, index) => {
      const choice = choices[index];
      if (choice === undefined) return one;
      if ("bytes" in choice)
        return choice.bytes === one.write.embeddings ? one : withEmbeddings(one, choice.bytes);
      const vector = made.get(choice.text);
      return vector ? withEmbeddings(one, toEmbeddingBytes(vector, tag)) : one;
    });
  };
};
