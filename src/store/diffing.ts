import { checkId, checkWhole } from "../base/arguments.ts";
import { ContextbaseError, ContextNotFoundError } from "../base/errors.ts";
import type { ContextKey, Engine, StoredContext } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { type ContextDiff, diffedParts, type EmbeddingsDiff } from "../model/context-diff.ts";
import type { ContextStore } from "../model/context-store.ts";
import { isSameVector, tagOf, toVector } from "../model/embedding-bytes.ts";
import { cosineSimilarity } from "../search/similarity.ts";
import { createPatch } from "../versioning/create-patch.ts";
import { checkCall } from "./check-call.ts";
import { decodeContext } from "./decode.ts";

export type Diffing<C extends Component> = Pick<ContextStore<C>, "diff">;

export type DiffingServices = { readonly engine: Engine; readonly tenant: string };

/** The comparing part of a context store. */
export const createDiffing = <C extends Component>(
  component: C,
  { engine, tenant }: DiffingServices,
): Diffing<C> => {
  const { name } = component;

  const currentVersion = async (key: ContextKey): Promise<number> => {
    const [head] = await engine.history({ ...key, limit: 1, before: undefined });
    if (head) return head.version;
    throw new ContextNotFoundError(name, key.id);
  };

  const readVersion = async (key: ContextKey, version: number): Promise<StoredContext> => {
    const stored = await engine.readVersion(key, version);
    if (stored) return stored;
    throw new ContextNotFoundError(name, key.id, { version });
  };

  return {
    diff: async (id, from, to, options) => {
      checkCall("diff", options, []);
      const key = { tenant, component: name, id: checkId(id) };
      for (const [what, version] of Object.entries({ from, to }))
        if (version !== undefined) checkWhole(what, version, 1, Number.MAX_SAFE_INTEGER);
      const later = to ?? (await currentVersion(key));
      const earlier = from ?? later - 1;
      if (earlier === 0) {
        const message = `Version 1 of ${name} ${JSON.stringify(id)} has none before it. Name one to compare it with.`;
        throw new ContextbaseError("invalid_argument", message, { component: name, details: { id } });
      }
      const [one, other] = await Promise.all([readVersion(key, earlier), readVersion(key, later)]);
      return diffOf(component, one, other);
    },
  };
};

const diffOf = (component: Component, one: StoredContext, other: StoredContext): ContextDiff => {
  const [from, to] = [one, other].map((stored) => diffedParts(decodeContext(component, stored)));
  const embeddings = embeddingsDiff(one.embeddings, other.embeddings);
  return Object.assign(createPatch(from, to), embeddings && { embeddings });
};

/** Beyond them a distance tells how floats were rounded, and not how far anything moved. */
const distanceDigits = 9;

const embeddingsDiff = (
  one: Uint8Array | undefined,
  other: Uint8Array | undefined,
): EmbeddingsDiff | undefined => {
  if (!one || !other) return one ? { change: "removed" } : other && { change: "added" };
  if (tagOf(one) !== tagOf(other) || one.length !== other.length) return { change: "replaced" };
  if (isSameVector(one, other)) return undefined;
  const distance = 1 - cosineSimilarity(toVector(one), toVector(other));
  return { change: "moved", distance: Number(distance.toFixed(distanceDigits)) };
};
