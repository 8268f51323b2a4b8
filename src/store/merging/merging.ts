import { checkId, checkOptions, checkSignal, checkWhole } from "../../base/arguments.ts";
import { ContextbaseError, ContextNotFoundError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { show } from "../../base/show.ts";
import type { StoredContext } from "../../engine/engine.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import type { ContextStore, WriteOptions } from "../../model/context-store.ts";
import { MergeConflictError } from "../../model/merge-conflict-error.ts";
import { decodeContext, decodeWrite } from "../decode.ts";
import type { EncodedWrite } from "../encode.ts";
import { createMergeWrites, type MergingServices } from "./merging-writes.ts";

export type Merging<C extends Component> = Pick<ContextStore<C>, "mergeContext"> & {
  /**
   * Stores yours, merged where others came first.
   * @param yours of a version, and of an id that the caller gave
   * @throws MergeConflictError, VersionConflictError, InvalidContextError
   */
  readonly storeMerged: (
    yours: EncodedWrite,
    version: number,
    options: WriteOptions,
  ) => Promise<ContextOf<C>>;
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

/** What was read may be given as it is: its version says no more than `base` does, but may not say another. */
const inputOf = (given: unknown, id: string, base: number): Record<string, unknown> => {
  if (!isObject(given)) throw invalid(`yours is ${show(given)}. It must be a context.`);
  const { version, ...yours } = given;
  if (version !== undefined && version !== base && version !== base + 1)
    throw invalid(`yours has the version ${show(version)}, but its base is ${base}. Leave the version out.`);
  if (yours.id !== undefined && yours.id !== id)
    throw invalid(`yours has the id ${show(yours.id)}, but ${show(id)} is to be merged. Leave it out.`);
  return { ...yours, id };
};

/**
 * The part of a store that merges what several wrote.
 * @param encode checks and encodes what is to be stored
 */
export const createMerging = <C extends Component>(
  component: C,
  services: MergingServices,
  encode: (input: unknown) => Promise<EncodedWrite>,
): Merging<C> => {
  const { name } = component;
  const { tenant } = services.principal;
  const writeMerged = createMergeWrites(component, services);
  const decode = (stored: StoredContext | undefined) => stored && decodeContext(component, stored);

  return {
    storeMerged: async (yours, version, options) => {
      const key = { tenant, component: name, id: yours.write.id };
      const outcome = await writeMerged({ key, base: version - 1, yours, options });
      if ("context" in outcome) return outcome.context;
      const { conflicts, current } = outcome;
      const [base, theirs] = [decode(outcome.base), decode(outcome.theirs)];
      const conflict = { ...key, attempted: version, current, base, yours: decodeWrite(yours.write), theirs };
      throw new MergeConflictError(conflict, conflicts);
    },

    mergeContext: async (id, sides, options = {}) => {
      checkOptions("mergeContext", options, ["signal", "write"]);
      checkSignal(options.signal);
      checkOptions("mergeContext", sides, ["base", "yours"]);
      const key = { tenant, component: name, id: checkId(id) };
      const base = checkWhole("base", sides.base, 0, Number.MAX_SAFE_INTEGER - 1);
      const yours = await encode(inputOf(sides.yours, id, base));
      const outcome = await writeMerged({ key, base, yours, options });
      if ("context" in outcome) return { context: outcome.context, conflicts: [] };
      const context = decode(outcome.theirs);
      if (!context) throw new ContextNotFoundError(name, id);
      return { context, conflicts: outcome.conflicts };
    },
  };
};
