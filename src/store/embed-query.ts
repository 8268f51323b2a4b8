import { LRUCache } from "lru-cache";
import { limits } from "../base/limits.ts";
import type { Component } from "../model/component.ts";
import { embedTexts } from "./embed-texts.ts";
import { cutText } from "./embedded-text.ts";

/**
 * The vector of a text that is searched for; undefined where the component does not embed, or there is nothing to
 * be read. Those asked for last are remembered.
 * @throws ContextbaseError embedding_failed, embedding_unavailable; the signal's reason
 */
export type EmbedQuery = (
  component: Component,
  text: string,
  signal: AbortSignal | undefined,
) => Promise<Float32Array | undefined>;

export const createEmbedQuery = (): EmbedQuery => {
  const remembered = new Map<Component, LRUCache<string, Float32Array>>();
  const ofComponent = (component: Component): LRUCache<string, Float32Array> => {
    const vectors = remembered.get(component) ?? new LRUCache({ max: limits.queryVectors });
    remembered.set(component, vectors);
    return vectors;
  };
  return async (component, text, signal) => {
    const searched = cutText(text.trim());
    if (searched === "" || !component.definition.embeddings?.embed) return undefined;
    const vectors = ofComponent(component);
    const known = vectors.get(searched);
    if (known) return known;
    const [vector] = await embedTexts(component, [searched], signal);
    if (vector) vectors.set(searched, vector);
    return vector;
  };
};
