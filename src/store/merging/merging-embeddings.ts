import type { JsonObject } from "../../base/json.ts";
import type { Component } from "../../model/component.ts";
import type { MergeConflict } from "../../model/merging.ts";
import { embeddedText } from "../embedding/embedded-text.ts";
import type { Sides } from "./merging-sides.ts";

/** As in `MergedSide`, or that nobody can tell. */
export type MergedEmbeddings =
  | { readonly embeddings: Float32Array | undefined }
  | { readonly conflict: MergeConflict };

const none = new Float32Array(0);

const same = (one: Float32Array, other: Float32Array): boolean =>
  one.length === other.length && one.every((number, at) => number === other[at]);

const conflictOf = ({ base, yours, theirs }: Sides): MergedEmbeddings => ({
  conflict: {
    path: "embeddings",
    base: base && Array.from(base.embeddings),
    yours: Array.from(yours.embeddings),
    theirs: Array.from(theirs.embeddings),
  },
});

/** What one side alone changed; a vector is one value. */
const mergeGiven = (sides: Sides): MergedEmbeddings => {
  const [base, yours, theirs] = [
    sides.base?.embeddings ?? none,
    sides.yours.embeddings,
    sides.theirs.embeddings,
  ];
  if (same(yours, theirs) || same(base, yours)) return { embeddings: theirs };
  return same(base, theirs) ? { embeddings: yours } : conflictOf(sides);
};

/** A vector of your own making stays where the text came out as yours; no other can be trusted to be of the text. */
const mergeMade = (
  component: Component,
  sides: Sides,
  merged: { readonly content: JsonObject; readonly metadata: JsonObject },
): MergedEmbeddings => {
  const { base, yours, theirs } = sides;
  const before = base?.embeddings ?? none;
  const own = yours.embeddings.length > 0 && !same(yours.embeddings, before);
  if (!own || same(yours.embeddings, theirs.embeddings)) return { embeddings: undefined };
  const [ofYours, ofTheirs] = [yours, theirs].map((side) => embeddedText(component, side));
  if (embeddedText(component, merged) !== ofYours) return { embeddings: undefined };
  return same(before, theirs.embeddings) || ofTheirs !== ofYours
    ? { embeddings: yours.embeddings }
    : conflictOf(sides);
};

/** The vector of a merged context. */
export const mergeEmbeddings = (
  component: Component,
  sides: Sides,
  merged: { readonly content: JsonObject; readonly metadata: JsonObject },
): MergedEmbeddings =>
  component.definition.embeddings?.embed ? mergeMade(component, sides, merged) : mergeGiven(sides);
