import { limits } from "../base/limits.ts";
import type { Engine, StoredContext } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { isOf } from "../model/embedding-bytes.ts";
import { decodeStored } from "../store/decode.ts";
import { embeddedText } from "../store/embedding/embedded-text.ts";
import { everyTenant, pagesOf } from "../store/walk.ts";

export type Walk = {
  /** Only these tenants. Left out: all of them. */
  readonly tenants?: readonly string[];
  readonly signal?: AbortSignal;
};

/** A context whose vector is not its component's, and the text that it is to be made of; "" for none. */
export type OutdatedContext = {
  readonly tenant: string;
  readonly stored: StoredContext;
  readonly text: string;
};

/** Contexts that were looked at together. */
export type LookedAt = { readonly contexts: number; readonly outdated: readonly OutdatedContext[] };

/** A vector goes with the text that is stored: an upgrade that changes that makes the vector anew. */
const textOf = (component: Component, stored: StoredContext): string =>
  embeddedText(component, decodeStored(stored));

/** Those of the current contexts whose vector is of another model or length, or missing though there is a text. */
export async function* outdatedOf(
  engine: Engine,
  component: Component,
  { tenants, signal }: Walk,
): AsyncGenerator<LookedAt> {
  for await (const tenant of tenants ?? everyTenant(engine)) {
    const key = { tenant, component: component.name };
    for await (const page of pagesOf(engine, key, limits.reembeddedContexts)) {
      signal?.throwIfAborted();
      const outdated = page.flatMap((stored) => {
        const { embeddings } = stored;
        if (embeddings && isOf(embeddings, component.indexing)) return [];
        const text = textOf(component, stored);
        return embeddings || text !== "" ? [{ tenant, stored, text }] : [];
      });
      yield { contexts: page.length, outdated };
    }
  }
}

export type OutdatedCount = { readonly contexts: number; readonly outdated: number };

/**
 * How many current contexts there are, and how many want a vector. Changes nothing.
 * @param onProgress told how many were looked at
 */
export const countOutdated = async (
  engine: Engine,
  component: Component,
  walk: Walk,
  onProgress?: (contexts: number) => void,
): Promise<OutdatedCount> => {
  let contexts = 0;
  let outdated = 0;
  for await (const page of outdatedOf(engine, component, walk)) {
    contexts += page.contexts;
    outdated += page.outdated.length;
    onProgress?.(contexts);
  }
  return { contexts, outdated };
};
