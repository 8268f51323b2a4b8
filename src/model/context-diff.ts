import type { JsonObject } from "../base/json.ts";
import type { Context } from "./context.ts";
import type { JsonPatch } from "./json-patch.ts";

/** What became of an embedding from one version to another. */
export type EmbeddingsDiff =
  | { readonly change: "added" | "removed" }
  /** The cosine distance, 1 − cos: 0 where both point the same way, 1 at a right angle, 2 where they are opposite. */
  | { readonly change: "moved"; readonly distance: number }
  /** They are of two models or lengths, and have no distance. */
  | { readonly change: "replaced" };

/**
 * The JSON Patch that makes one version of a context the other: of `type`, `content`, `metadata` and `expiresAt`, by the
 * paths that these have in the JSON of a context. `embeddings` is there where they differ; their numbers never are.
 */
export type ContextDiff = JsonPatch & { readonly embeddings?: EmbeddingsDiff };

/** What of a context a diff compares, as its JSON has it. */
export const diffedParts = ({ type, content, metadata, expiresAt }: Context): JsonObject => ({
  type,
  content,
  metadata,
  ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
});
