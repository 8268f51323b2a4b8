import type { JsonObject } from "../../base/json.ts";
import { sameJson } from "../../base/same-json.ts";
import type { Component } from "../../model/component.ts";
import type { MergeConflict } from "../../model/merging.ts";
import type { Merge } from "../../versioning/merge-values.ts";
import { mergeEmbeddings } from "./merging-embeddings.ts";
import type { MergedSide, Side, Sides } from "./merging-sides.ts";

/** What is to be stored, or why nothing can be. */
export type MergedContexts =
  | { readonly merged: MergedSide }
  | { readonly conflicts: readonly MergeConflict[] };

const jsonOf = ({ type, content, metadata, expiresAt }: Side): JsonObject => ({
  type,
  content,
  metadata,
  ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
});

/** A content of one type has no meaning in another: where one side changed the type, the other may not have changed it. */
const typeConflict = ({ base, yours, theirs }: Sides): MergeConflict | undefined => {
  const isChanged = (side: Side): boolean => !sameJson(base?.content, side.content);
  return yours.type !== theirs.type && isChanged(yours) && isChanged(theirs)
    ? { path: "type", base: base?.type, yours: yours.type, theirs: theirs.type }
    : undefined;
};

/** What was deleted meanwhile is a conflict as a whole, whatever was changed. */
export const deletionConflict = ({ base, yours }: Pick<Sides, "base" | "yours">): MergeConflict => ({
  path: "",
  base: base && jsonOf(base),
  yours: jsonOf(yours),
  theirs: undefined,
});

/**
 * Merges what two sides made of a context, all of it.
 * @param merge by the policies of the component
 * @throws InvalidContextError where a merge function gives no JSON
 */
export const mergeContexts = (component: Component, merge: Merge, sides: Sides): MergedContexts => {
  const { base, yours, theirs } = sides;
  const { value, conflicts } = merge(base && jsonOf(base), jsonOf(yours), jsonOf(theirs));
  const ofType = conflicts.some(({ path }) => path === "type") ? undefined : typeConflict(sides);
  const { expiresAt, ...body } = value as Omit<MergedSide, "embeddings" | "expiresAt"> & {
    expiresAt?: string;
  };
  const vector = mergeEmbeddings(component, sides, body);
  if ("embeddings" in vector && !ofType && conflicts.length === 0) {
    const expires = expiresAt === undefined ? undefined : Date.parse(expiresAt);
    return { merged: { ...body, embeddings: vector.embeddings, expiresAt: expires } };
  }
  const ofVector = "conflict" in vector ? [vector.conflict] : [];
  return { conflicts: [...(ofType ? [ofType] : []), ...conflicts, ...ofVector] };
};
