import { ContextbaseError } from "../base/errors.ts";
import type { Rewrite, Standing } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { isOf, toEmbeddingBytes } from "../model/embedding-bytes.ts";
import { decodeStored } from "../store/decode.ts";
import { embeddedText } from "../store/embedding/embedded-text.ts";
import { upgradeBody } from "../store/upgrading/upgrading.ts";
import { embedOutdated, type Vectors } from "./embed-outdated.ts";

/** A context that could not be brought to the present schema, and why not. */
export type UpgradeFailure = { readonly tenant: string; readonly id: string; readonly message: string };

type Upgraded = {
  readonly stored: Standing;
  readonly rewrite: Rewrite;
  /** What its vector is to be made of anew; "" for none. Undefined: the one that stands is kept. */
  readonly text: string | undefined;
};

/** A vector goes with the text that it was made of. One of another model is made anew by a re-embedding. */
const newText = (
  component: Component,
  stored: Standing,
  before: string,
  after: string,
): string | undefined => {
  const { embeddings } = stored;
  if (!component.definition.embeddings?.embed || before === after) return undefined;
  return embeddings && !isOf(embeddings, component.indexing) ? undefined : after;
};

const upgradeOne = (component: Component, stored: Standing): Upgraded => {
  const { embeddings: _, ...old } = decodeStored(stored);
  const before = embeddedText(component, old);
  const { type, content, metadata } = upgradeBody(component, stored, { type: stored.type, ...old });
  const after = embeddedText(component, { content, metadata });
  const { id, place, version, schemaVersion: from } = stored;
  const rewrite: Rewrite = {
    ...{ id, place, version, from, type, schemaVersion: component.schemaVersion },
    ...{ content: JSON.stringify(content), metadata: JSON.stringify(metadata) },
    original: {
      type: stored.type,
      content: stored.content,
      metadata: stored.metadata,
      embeddings: undefined,
    },
  };
  return { stored, rewrite, text: newText(component, stored, before, after) };
};

const withVector = (component: Component, vectors: Vectors, { stored, rewrite, text }: Upgraded): Rewrite => {
  if (text === undefined) return rewrite;
  const vector = vectors.get(text);
  const original = { ...rewrite.original, embeddings: stored.embeddings };
  return {
    ...rewrite,
    original,
    embeddings: vector ? toEmbeddingBytes(vector, component.indexing.tag) : null,
  };
};

/**
 * What is to stand in place of contexts, with vectors of the texts that changed.
 * @throws ContextbaseError embedding_failed, embedding_unavailable; the signal's reason
 */
export const upgradeContexts = async (
  component: Component,
  tenant: string,
  page: readonly Standing[],
  signal: AbortSignal | undefined,
): Promise<{ readonly rewrites: readonly Rewrite[]; readonly failures: readonly UpgradeFailure[] }> => {
  const upgraded: Upgraded[] = [];
  const failures: UpgradeFailure[] = [];
  for (const stored of page) {
    try {
      upgraded.push(upgradeOne(component, stored));
    } catch (cause) {
      if (!(cause instanceof ContextbaseError)) throw cause;
      failures.push({ tenant, id: stored.id, message: cause.message });
    }
  }
  const changed = upgraded.flatMap(({ stored, text }) =>
    text === undefined ? [] : [{ tenant, stored, text }],
  );
  const vectors: Vectors = changed.length > 0 ? await embedOutdated(component, changed, signal) : new Map();
  return { rewrites: upgraded.map((one) => withVector(component, vectors, one)), failures };
};
