import { ContextbaseError } from "../../base/errors.ts";
import { sameJson } from "../../base/same-json.ts";
import type { Change, ContextKey, Engine } from "../../engine/engine.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import type { Merge } from "../../versioning/merge-values.ts";
import { decodeContext } from "../decode.ts";
import type { EncodedWrite } from "../encode.ts";
import { readBase } from "./merging-bases.ts";
import { mergeContexts } from "./merging-contexts.ts";
import { type MergedSide, type Side, sideOfStored, sideOfWrite } from "./merging-sides.ts";

export type Recalled = { readonly key: ContextKey; readonly base: number; readonly yours: EncodedWrite };

/**
 * What a merge stored the first time that it was sent under its write id, once it is sure that the same was asked for
 * again: merged once more with what stood then, yours comes to what was stored. Where that is not kept any more, the
 * write id has to do.
 * @throws ContextbaseError write_reused
 */
export const recallMerge = async <C extends Component>(
  component: C,
  engine: Engine,
  merge: Merge,
  { key, base, yours }: Recalled,
  changes: readonly Change[],
): Promise<ContextOf<C>> => {
  const [change, ...others] = changes;
  const reused = (): ContextbaseError =>
    new ContextbaseError(
      "write_reused",
      `The write id ${JSON.stringify(change?.write)} was used before, for another write. Make a new one for each write.`,
      { component: component.name, details: { write: change?.write } },
    );
  const isOfIt = change?.operation === "store" && change.component === key.component && change.id === key.id;
  if (!change || !isOfIt || others.length > 0 || change.version <= base) throw reused();
  const stored = await engine.readVersion(key, change.version);
  if (!stored) throw reused();
  const wanted = await mergedThen(component, engine, merge, { key, base, yours }, change.version - 1);
  const context = decodeContext(component, stored);
  if (wanted && !isSame(wanted, context)) throw reused();
  return context;
};

const isSame = (
  wanted: Side | MergedSide,
  context: Pick<MergedSide, "type" | "content" | "metadata">,
): boolean =>
  wanted.type === context.type &&
  sameJson(wanted.content, context.content) &&
  sameJson(wanted.metadata, context.metadata);

/** Undefined where it cannot be told any more. */
const mergedThen = async (
  component: Component,
  engine: Engine,
  merge: Merge,
  { key, base, yours }: Recalled,
  standing: number,
): Promise<Side | MergedSide | undefined> => {
  const own = sideOfWrite(yours);
  if (standing === base) return own;
  try {
    const before = await readBase(engine, key, base, undefined);
    const theirs = await engine.readVersion(key, standing);
    if (!theirs) return undefined;
    const sides = {
      base: before && sideOfStored(component, before),
      theirs: sideOfStored(component, theirs),
    };
    const result = mergeContexts(component, merge, { ...sides, yours: own });
    return "merged" in result ? result.merged : { ...own, type: "" };
  } catch (cause) {
    if (cause instanceof ContextbaseError && cause.code === "version_removed") return undefined;
    throw cause;
  }
};
