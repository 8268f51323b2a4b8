import { LRUCache } from "lru-cache";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { unlessAborted } from "../../base/unless-aborted.ts";
import type { Component } from "../../model/component.ts";
import { searchByTextAlone } from "../../model/searching.ts";
import { embedTexts } from "./embed-texts.ts";
import { cutText } from "./embedded-text.ts";

/**
 * The vector of a text that is searched for; undefined where the component does not embed, or there is nothing to
 * be read. Those asked for last are remembered, and those who ask for one text at one moment share the answer.
 * @throws ContextbaseError embedding_failed, embedding_unavailable; the signal's reason
 */
export type EmbedQuery = (
  component: Component,
  text: string,
  signal: AbortSignal | undefined,
) => Promise<Float32Array | undefined>;

type Remembered = LRUCache<string, Promise<Float32Array | undefined>>;

/** What is said of an embedder that fails, and the way to search without it. */
const withWayOut = ({ code, message, component, details, cause }: ContextbaseError): ContextbaseError =>
  new ContextbaseError(code, `${message} ${searchByTextAlone}`, { component, details, cause });

const embed = async (component: Component, text: string): Promise<Float32Array | undefined> => {
  try {
    const [vector] = await embedTexts(component, [text], undefined);
    return vector;
  } catch (cause) {
    const alone = cause instanceof ContextbaseError && component.indexing.searchText.length > 0;
    throw alone ? withWayOut(cause) : cause;
  }
};

export const createEmbedQuery = (): EmbedQuery => {
  const remembered = new Map<Component, Remembered>();
  const ofComponent = (component: Component): Remembered => {
    const vectors: Remembered = remembered.get(component) ?? new LRUCache({ max: limits.queryVectors });
    remembered.set(component, vectors);
    return vectors;
  };
  return async (component, text, signal) => {
    signal?.throwIfAborted();
    const searched = cutText(text.trim());
    if (searched === "" || !component.definition.embeddings?.embed) return undefined;
    const vectors = ofComponent(component);
    const known = vectors.get(searched);
    if (known) return unlessAborted(known, signal);
    const asked = embed(component, searched);
    vectors.set(searched, asked);
    asked.catch(() => vectors.delete(searched));
    return unlessAborted(asked, signal);
  };
};
