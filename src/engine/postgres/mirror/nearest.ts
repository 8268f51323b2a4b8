import type { PlanStep } from "../../../model/searching.ts";
import { pathsOf } from "../../../search/filter/paths-of.ts";
import type { SearchQuery } from "../../engine.ts";
import { isKept, slotsOf } from "../../in-memory/filter-slots.ts";
import { countSlots, keepCommon } from "../../in-memory/slots.ts";
import type { Mirror } from "./mirror.ts";

/** A search by vector. */
export type VectorQuery = SearchQuery & { readonly vector: Float32Array };

/** A context that is near, as a mirror knows it. */
export type Near = {
  readonly id: string;
  readonly version: number;
  readonly score: number;
  readonly embedding: Uint8Array | undefined;
};

export type Nearest = { readonly found: readonly Near[]; readonly plan: readonly PlanStep[] };

/** Whether a mirror knows all that a filter looks at. */
export const canAnswer = ({ documents }: Mirror, { where }: VectorQuery): boolean =>
  where === undefined || isKept(where, documents);

/** The nearest that fit, by what a mirror knows, best first, ties by id; and how they were found. */
export const findNearest = (mirror: Mirror, query: VectorQuery): Nearest => {
  const { vector, where, limit, brings = false } = query;
  const { documents, vectors, embeddingAt } = mirror;
  const fits = where && keepCommon(slotsOf(where, documents), documents.alive());
  const contexts = fits ? countSlots(fits) : documents.live();
  const nearest = vectors.search({ vector, fits, limit, inOrder: !brings }, embeddingAt);
  const found = nearest.map(({ slot, score }) => ({
    id: documents.ids[slot] ?? "",
    version: documents.versions.array[slot] ?? 0,
    score,
    embedding: embeddingAt(slot),
  }));
  const filters = where
    ? pathsOf(where).map(({ text }): PlanStep => {
        return { part: "filter", way: "columns in memory", path: text, contexts };
      })
    : [];
  const step: PlanStep = { part: "vector", way: "vectors in memory, confirmed in one trip", contexts };
  return {
    found: found.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
    plan: [...filters, step],
  };
};
